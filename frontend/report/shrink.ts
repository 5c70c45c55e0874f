// Photos get smaller on the phone, before they cost anybody's data: 1600 px and about 400 KB. What
// the camera wrote into the file stays behind; place and time were read before.
import { CAN_TURN, type PhotoFacts } from "./exif.ts";

const LONGEST_SIDE = 1600;
const ENOUGH_BYTES = 400 * 1024;
const QUALITIES = [0.85, 0.75, 0.65, 0.5];
const LAST_SIDE = 1280;

/** Width and height with the longest side at most so long, never larger than it was. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export async function decoded(photo: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = URL.createObjectURL(photo);
  try {
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

export function drawn(image: CanvasImageSource, width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  // A PNG may have holes; JPEG has none.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

export function asJpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", quality);
  });
}

/** The picture as JPEG of at most about 400 KB, as good as that allows. */
export async function smallJpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  let best: Blob | null = null;
  for (const quality of QUALITIES) {
    best = await asJpeg(canvas, quality);
    if (best.size <= ENOUGH_BYTES) return best;
  }
  const { width, height } = fitted(canvas.width, canvas.height, LAST_SIDE);
  return asJpeg(drawn(canvas, width, height), QUALITIES[1] as number);
}

/** A smaller copy; the file itself where this browser cannot read it (HEIC) or turn it upright. */
export async function shrunk(photo: File, facts: PhotoFacts): Promise<File> {
  if (facts.orientation !== 1 && !CAN_TURN()) return photo;
  try {
    const image = await decoded(photo);
    const { width, height } = fitted(image.naturalWidth, image.naturalHeight, LONGEST_SIDE);
    const small = await smallJpeg(drawn(image, width, height));
    return new File([small], `${photo.name.replace(/\.\w+$/, "")}.jpg`, {
      type: "image/jpeg", lastModified: photo.lastModified,
    });
  } catch {
    return photo;
  }
}
