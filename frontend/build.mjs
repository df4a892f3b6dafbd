/* Bundle scripts, styles and icons. Run by script/frontend, which hands over one JSON object on standard input:
   {out, fonts, icons: [name, …]}; writes files whose names carry their hash, and out/manifest.json. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const task = JSON.parse(readFileSync(0, "utf8"));
const manifest = {};
mkdirSync(task.out, { recursive: true });

function keep(name, content) {
  const dot = name.lastIndexOf(".");
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const hashed = `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
  writeFileSync(path.join(task.out, hashed), content);
  manifest[name] = hashed;
  return hashed;
}

function sprite(names) {
  const symbols = names.map((name) => {
    const file = path.join(here, "node_modules/lucide-static/icons", `${name}.svg`);
    if (!existsSync(file)) {
      console.error(`No icon is called "${name}" (used in a template, in Python or in icons.json): see lucide's names.`);
      process.exit(2);
    }
    const shapes = readFileSync(file, "utf8")
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  const mark = readFileSync(path.join(here, "src/mark.svg"), "utf8")
    .replace(/^[\s\S]*?<svg[^>]*>/, '<symbol id="linli" viewBox="0 0 32 32">')
    .replace("</svg>", "</symbol>");
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n${mark}</svg>\n`;
}

keep("icons.svg", sprite(task.icons));
keep("mark.svg", readFileSync(path.join(here, "src/mark.svg"), "utf8").replaceAll("currentColor", "#1f5fae"));
const worker = keep("map-worker.js", readFileSync(path.join(here, "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs"), "utf8")
  .replace(/\/\/# sourceMappingURL=.*\s*$/, ""));

const entries = readdirSync(path.join(here, "src/entries")).filter((name) => name.endsWith(".ts"));
const result = await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => `src/entries/${name}`),
  outdir: task.out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: true,
  metafile: true,
  legalComments: "linked",
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  alias: { "linli-fonts": task.fonts },
  external: ["*.woff2"],
  define: { MAP_WORKER: JSON.stringify(worker) },
  logLevel: "warning",
}).catch(() => process.exit(1));

for (const [file, info] of Object.entries(result.metafile.outputs)) {
  if (!info.entryPoint) continue;
  const name = path.basename(info.entryPoint, ".ts");
  manifest[`${name}.js`] = path.basename(file);
  if (info.cssBundle) manifest[`${name}.css`] = path.basename(info.cssBundle);
}
writeFileSync(path.join(task.out, "manifest.json"), JSON.stringify(manifest, null, 1));
