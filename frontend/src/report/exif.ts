/* Just enough EXIF for a report: where a JPEG was taken, and carrying that over into a smaller copy. */

export interface Point {
  lon: number;
  lat: number;
}

export interface Exif {
  /** The whole APP1 segment, marker included. */
  segment: Uint8Array<ArrayBuffer>;
  place: Point | null;
}

const HEAD = 6; // "Exif\0\0"
const ORIENTATION = 0x0112;
const GPS_DIRECTORY = 0x8825;

/** Find the EXIF segment of a JPEG; null when there is none or it cannot be read. */
export function readExif(buffer: ArrayBuffer): Exif | null {
  const view = new DataView(buffer);
  try {
    if (view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at + 4 <= view.byteLength; ) {
      const marker = view.getUint16(at);
      const size = view.getUint16(at + 2);
      if (marker === 0xffda || marker >> 8 !== 0xff) return null;
      if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
        const segment = new Uint8Array(buffer.slice(at, at + 2 + size));
        return { segment, place: placeOf(new Directory(segment)) };
      }
      at += 2 + size;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // cut short: no EXIF to speak of
  }
  return null;
}

/** Put an EXIF segment into a JPEG that has none. The picture was turned upright, so its orientation becomes 1. */
export async function withExif(jpeg: Blob, segment: Uint8Array<ArrayBuffer>): Promise<Blob> {
  const copy = segment.slice();
  try {
    new Directory(copy).setShort(ORIENTATION, 1);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  const bytes = await jpeg.arrayBuffer();
  return new Blob([bytes.slice(0, 2), copy, bytes.slice(2)], { type: "image/jpeg" });
}

function placeOf(root: Directory): Point | null {
  const at = root.long(GPS_DIRECTORY);
  if (at === null) return null;
  const gps = root.directory(at);
  const lat = degrees(gps, 2, gps.letter(1) === "S");
  const lon = degrees(gps, 4, gps.letter(3) === "W");
  if (lat === null || lon === null || Math.abs(lat) > 90 || Math.abs(lon) > 180 || (!lat && !lon)) return null;
  return { lon, lat };
}

function degrees(gps: Directory, tag: number, negative: boolean): number | null {
  const parts = gps.fractions(tag, 3);
  if (!parts) return null;
  const [degree = 0, minute = 0, second = 0] = parts;
  const value = degree + minute / 60 + second / 3600;
  return Number.isFinite(value) ? (negative ? -value : value) : null;
}

/** One directory of TIFF tags inside an EXIF segment. Reading past the end throws RangeError. */
class Directory {
  private readonly view: DataView;
  private readonly little: boolean;

  constructor(
    private readonly segment: Uint8Array<ArrayBuffer>,
    private readonly start: number | null = null,
  ) {
    this.view = new DataView(segment.buffer, segment.byteOffset + 4 + HEAD);
    this.little = this.view.getUint16(0) === 0x4949;
  }

  directory(at: number): Directory {
    return new Directory(this.segment, at);
  }

  long(tag: number): number | null {
    const at = this.find(tag);
    return at === null ? null : this.view.getUint32(at + 8, this.little);
  }

  letter(tag: number): string {
    const at = this.find(tag);
    return at === null ? "" : String.fromCharCode(this.view.getUint8(at + 8));
  }

  fractions(tag: number, count: number): number[] | null {
    const at = this.find(tag);
    if (at === null || this.view.getUint32(at + 4, this.little) < count) return null;
    const from = this.view.getUint32(at + 8, this.little);
    return Array.from(
      { length: count },
      (_, index) =>
        this.view.getUint32(from + index * 8, this.little) / this.view.getUint32(from + index * 8 + 4, this.little),
    );
  }

  setShort(tag: number, value: number): void {
    const at = this.find(tag);
    if (at !== null) this.view.setUint16(at + 8, value, this.little);
  }

  private find(tag: number): number | null {
    const start = this.start ?? this.view.getUint32(4, this.little);
    const count = this.view.getUint16(start, this.little);
    for (let index = 0; index < count; index += 1) {
      const at = start + 2 + index * 12;
      if (this.view.getUint16(at, this.little) === tag) return at;
    }
    return null;
  }
}
