// Where and when a photo says it was taken, and how it lies. JPEG and HEIC both hold "Exif\0\0"
// followed by a TIFF table; nothing else of the photo is read, and it is read on the phone.

export interface PhotoPlace { lat: number; lon: number }

export interface PhotoFacts {
  place: PhotoPlace | null;
  /** As the camera's clock said, with its offset where the camera wrote one; else null. */
  taken: string | null;
  /** 1 upright … 8; 1 where nothing is said. */
  orientation: number;
}

/** Whether the browser turns a drawn photo upright by itself: Chrome from 81 on. */
export const CAN_TURN = () => CSS.supports("image-orientation", "from-image");

const ORIENTATION = 0x0112;
const EXIF_TABLE = 0x8769, TAKEN = 0x9003, TAKEN_OFFSET = 0x9011;
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

  /** Text of a known length, where its entry points. */
  text(entry: number, length: number): string {
    const at = this.long(entry + 8);
    const letters = Array.from({ length }, (_none, n) => this.view.getUint8(this.start + at + n));
    return String.fromCharCode(...letters);
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

type Table = Map<number, number>;

/** What the bytes of a photo say of themselves; what makes no sense is left out. */
export function factsIn(bytes: Uint8Array): PhotoFacts {
  const start = tiffStart(bytes);
  const tiff = start < 0 ? null
    : new Tiff(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start);
  const read = <Value>(none: Value, reading: (tiff: Tiff, first: Table) => Value): Value => {
    try {
      return tiff ? reading(tiff, tiff.entries(tiff.long(4))) : none;
    } catch (error) {
      // A table that points outside the file.
      if (error instanceof RangeError) return none;
      throw error;
    }
  };
  return {
    place: read<PhotoPlace | null>(null, (open, first) => {
      const pointer = first.get(GPS_TABLE);
      return pointer === undefined ? null : placeOf(open, open.entries(open.long(pointer + 8)));
    }),
    taken: read<string | null>(null, takenOf),
    orientation: read(1, (open, first) => {
      const entry = first.get(ORIENTATION);
      return entry === undefined ? 1 : open.short(entry + 8);
    }),
  };
}

/** The place in the bytes of a photo; null where there is none that makes sense. */
export function placeIn(bytes: Uint8Array): PhotoPlace | null {
  return factsIn(bytes).place;
}

function takenOf(tiff: Tiff, first: Table): string | null {
  const pointer = first.get(EXIF_TABLE);
  if (pointer === undefined) return null;
  const table = tiff.entries(tiff.long(pointer + 8));
  const entry = table.get(TAKEN), offset = table.get(TAKEN_OFFSET);
  const found = entry && /^((?:19|20)\d\d):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(tiff.text(entry, 19));
  if (!found) return null;
  const zone = offset ? /^[+-]\d\d:\d\d$/.exec(tiff.text(offset, 6))?.[0] ?? "" : "";
  const moment = `${found[1]}-${found[2]}-${found[3]}T${found[4]}${zone}`;
  return Number.isNaN(Date.parse(moment)) ? null : moment;
}

function placeOf(tiff: Tiff, gps: Map<number, number>): PhotoPlace | null {
  const [latRef, latAt, lonRef, lonAt] = [LAT_REF, LAT, LON_REF, LON].map((tag) => gps.get(tag));
  if (!latRef || !latAt || !lonRef || !lonAt) return null;
  const lat = tiff.degrees(latAt) * (tiff.letter(latRef) === "S" ? -1 : 1);
  const lon = tiff.degrees(lonAt) * (tiff.letter(lonRef) === "W" ? -1 : 1);
  const sound = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  return sound ? { lat, lon } : null;
}

/** What a chosen file says of itself, from its first megabytes. */
export async function factsOfPhoto(photo: Blob): Promise<PhotoFacts> {
  const buffer = await photo.slice(0, BYTES_READ).arrayBuffer();
  return factsIn(new Uint8Array(buffer));
}
