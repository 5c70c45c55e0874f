// Where a photo says it was taken. JPEG and HEIC both hold "Exif\0\0" followed by a TIFF table; only
// the GPS entries are read, on the phone, and nothing else of the photo.

export interface PhotoPlace { lat: number; lon: number }

const GPS_TABLE = 0x8825;
const LAT_REF = 1, LAT = 2, LON_REF = 3, LON = 4;
const BYTES_READ = 8 * 1024 * 1024;

class Tiff {
  private readonly little: boolean;

  constructor(private readonly view: DataView, private readonly start: number) {
    this.little = view.getUint16(start) === 0x4949;
  }

  short(at: number): number { return this.view.getUint16(this.start + at, this.little); }
  long(at: number): number { return this.view.getUint32(this.start + at, this.little); }

  /** The place of each entry of a table, by tag. */
  entries(table: number): Map<number, number> {
    const found = new Map<number, number>();
    const count = Math.min(this.short(table), 500);
    for (let number = 0; number < count; number += 1) {
      const entry = table + 2 + 12 * number;
      found.set(this.short(entry), entry);
    }
    return found;
  }

  letter(entry: number): string {
    return String.fromCharCode(this.view.getUint8(this.start + entry + 8)).toUpperCase();
  }

  /** Degrees, minutes, seconds as one number of degrees; NaN when a part is none. */
  degrees(entry: number): number {
    const at = this.long(entry + 8);
    const parts = [0, 1, 2].map((n) => this.long(at + 8 * n) / this.long(at + 8 * n + 4));
    return (parts[0] ?? NaN) + (parts[1] ?? NaN) / 60 + (parts[2] ?? NaN) / 3600;
  }
}

function tiffStart(bytes: Uint8Array): number {
  // "Exif", two zeros, then II or MM.
  for (let at = 0; at + 14 < bytes.length; at += 1) {
    if (bytes[at] !== 0x45 || bytes[at + 1] !== 0x78 || bytes[at + 2] !== 0x69) continue;
    if (bytes[at + 3] !== 0x66 || bytes[at + 4] !== 0 || bytes[at + 5] !== 0) continue;
    const order = bytes[at + 6];
    if (order === bytes[at + 7] && (order === 0x49 || order === 0x4d)) return at + 6;
  }
  return -1;
}

/** The place in the bytes of a photo; null where there is none that makes sense. */
export function placeIn(bytes: Uint8Array): PhotoPlace | null {
  const start = tiffStart(bytes);
  if (start < 0) return null;
  try {
    const tiff = new Tiff(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start);
    const pointer = tiff.entries(tiff.long(4)).get(GPS_TABLE);
    if (pointer === undefined) return null;
    return placeOf(tiff, tiff.entries(tiff.long(pointer + 8)));
  } catch (error) {
    // A table that points outside the file.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function placeOf(tiff: Tiff, gps: Map<number, number>): PhotoPlace | null {
  const [latRef, latAt, lonRef, lonAt] = [LAT_REF, LAT, LON_REF, LON].map((tag) => gps.get(tag));
  if (!latRef || !latAt || !lonRef || !lonAt) return null;
  const lat = tiff.degrees(latAt) * (tiff.letter(latRef) === "S" ? -1 : 1);
  const lon = tiff.degrees(lonAt) * (tiff.letter(lonRef) === "W" ? -1 : 1);
  const sound = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  return sound ? { lat, lon } : null;
}

/** The place of a chosen file, from its first megabytes. */
export async function placeOfPhoto(photo: Blob): Promise<PhotoPlace | null> {
  const buffer = await photo.slice(0, BYTES_READ).arrayBuffer();
  return placeIn(new Uint8Array(buffer));
}
