/* Chinese letters before the map draws: with no Chinese font on the machine, wait for ours to be fetched. */

export const FAMILIES = [
  "HarmonyOS Sans SC",
  "PingFang SC",
  "Microsoft YaHei",
  "Noto Sans SC",
  "Noto Sans CJK SC",
  "Source Han Sans SC",
  "WenQuanYi Micro Hei",
  "Linli Local",
  "Linli Sans",
  "sans-serif",
];

const OURS = "Linli Sans";
const PATIENCE_MS = 8000;

function drawn(character: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 24;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return character;
  context.font = "20px system-ui, sans-serif";
  context.fillText(character, 2, 20);
  return context.getImageData(0, 0, 24, 24).data.join("");
}

/** Tell whether the machine itself can draw Chinese: without a font two different characters are the same box. */
export function hasChinese(): boolean {
  return drawn("邻") !== drawn("里");
}

/** Resolve when labels can be drawn: at once with a font of the machine's own, else when every slice of ours is there. */
export async function chineseReady(): Promise<void> {
  if (hasChinese()) return;
  const faces = [...document.fonts].filter((face) => face.family.replaceAll('"', "") === OURS);
  const loaded = Promise.allSettled(faces.map((face) => face.load()));
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([loaded, patience]);
}
