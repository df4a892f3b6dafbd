declare module "*.css";
declare module "linli-fonts";
declare const MAP_WORKER: string;
