/* A photo before it is sent: judged, read for its place, made smaller. Nothing leaves the phone here. */
import { readExif, withExif, type Point } from "./exif";

export interface Photo {
  file: File;
  preview: string;
  place: Point | null;
}

export type Words = (key: string, fill?: Record<string, string | number>) => string;

export const PHOTOS_MAX = 3;
const LIMIT_BYTES = 20 * 1024 * 1024;
const SHRINK_BYTES = 4 * 1024 * 1024;
const LONG_SIDE = 2560;
const TYPES = ["image/jpeg", "image/png", "image/webp"];

/** Say what is wrong with a file before it is sent; empty when all is well. */
export async function wrongWith(file: File, words: Words): Promise<string> {
  const fill = { name: file.name, size: (file.size / 1048576).toFixed(1) };
  if (file.size === 0) return words("photo_empty", fill);
  if (file.size > LIMIT_BYTES) return words("photo_too_large", fill);
  const type = typeByContent(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (type === "heic") return words("photo_heic", fill);
  return TYPES.includes(type) ? "" : words("photo_wrong_type", fill);
}

/** Name the type by the first bytes: a renamed program is still a program. */
function typeByContent(head: Uint8Array): string {
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "image/webp";
  if (text.slice(4, 8) === "ftyp" && /^(hei|hev|mif1|msf1)/.test(text.slice(8, 12))) return "heic";
  return "";
}

/** Read a photo's place and make a large one smaller; its place goes along. */
export async function prepare(file: File): Promise<Photo> {
  const exif = readExif(await file.slice(0, 256 * 1024).arrayBuffer());
  let ready = file;
  if (file.size > SHRINK_BYTES) {
    const small = await shrink(file).catch(() => null); // a picture this browser cannot draw is sent as it is
    if (small && small.size < file.size) {
      const kept = exif ? await withExif(small, exif.segment) : small;
      ready = new File([kept], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    }
  }
  return { file: ready, preview: URL.createObjectURL(ready), place: exif?.place ?? null };
}

async function shrink(file: File): Promise<Blob | null> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/jpeg", 0.86);
  });
}
