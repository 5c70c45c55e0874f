// The brush that hides a face or a number plate before anything is sent. What it touches is replaced
// by coarse blocks in the picture itself: the pixels are gone, not covered.
import { find } from "../page.ts";
import { asJpeg, decoded, drawn } from "./shrink.ts";

/** How many blocks go over the longest side of a picture: too few for a face to be known by. */
const BLOCKS = 40;
const BRUSH = 1 / 12;
const QUALITY = 0.85;
const STEP = 0.02;

interface Point { x: number; y: number }

/** The picture as coarse blocks, each the mean of what was there. */
function coarse(source: HTMLCanvasElement): HTMLCanvasElement {
  const scale = BLOCKS / Math.max(source.width, source.height);
  const few = drawn(source, Math.max(1, Math.round(source.width * scale)), Math.max(1, Math.round(source.height * scale)));
  const blocks = document.createElement("canvas");
  blocks.width = source.width;
  blocks.height = source.height;
  const context = blocks.getContext("2d");
  if (context) {
    context.imageSmoothingEnabled = false;
    context.drawImage(few, 0, 0, source.width, source.height);
  }
  return blocks;
}

export class BlurBrush {
  private readonly canvas = find<HTMLCanvasElement>("canvas", this.dialog) as HTMLCanvasElement;
  private readonly done = find<HTMLButtonElement>("[data-blur-done]", this.dialog);
  private picture: HTMLCanvasElement | null = null;
  private blocks: HTMLCanvasElement | null = null;
  private last: Point | null = null;
  private cursor: Point = { x: 0.5, y: 0.5 };
  private touched = false;
  private finish: ((photo: File | null) => void) | null = null;
  private photo: File | null = null;

  constructor(private readonly dialog: HTMLDialogElement) {
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"] as const) {
      this.canvas.addEventListener(name, () => { this.last = null; });
    }
    this.canvas.addEventListener("keydown", (event) => this.pressed(event));
    this.done?.addEventListener("click", () => void this.keep());
    find("[data-blur-again]", dialog)?.addEventListener("click", () => this.restart());
    dialog.addEventListener("close", () => this.leave(null));
  }

  /** Lets the person hide parts; the new file, or null when nothing was hidden. */
  async open(photo: File): Promise<File | null> {
    const image = await decoded(photo);
    this.photo = photo;
    this.picture = drawn(image, image.naturalWidth, image.naturalHeight);
    this.blocks = coarse(this.picture);
    this.canvas.width = this.picture.width;
    this.canvas.height = this.picture.height;
    this.restart();
    this.dialog.showModal();
    this.canvas.focus();
    return new Promise((resolve) => { this.finish = resolve; });
  }

  private restart(): void {
    const context = this.canvas.getContext("2d");
    if (context && this.picture) context.drawImage(this.picture, 0, 0);
    this.touched = false;
  }

  private begin(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.pointOf(event);
    this.dab(this.last);
  }

  private move(event: PointerEvent): void {
    if (!this.last) return;
    event.preventDefault();
    const to = this.pointOf(event);
    const reach = this.radius() / 2;
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - this.last.x, to.y - this.last.y) / reach));
    for (let step = 1; step <= steps; step += 1) {
      const part = step / steps;
      this.dab({ x: this.last.x + (to.x - this.last.x) * part, y: this.last.y + (to.y - this.last.y) * part });
    }
    this.last = to;
  }

  /** Arrows move the brush, Enter or the space bar hides what is under it. */
  private pressed(event: KeyboardEvent): void {
    const moves: Record<string, Point> = {
      ArrowLeft: { x: -STEP, y: 0 }, ArrowRight: { x: STEP, y: 0 }, ArrowUp: { x: 0, y: -STEP }, ArrowDown: { x: 0, y: STEP },
    };
    const by = moves[event.key];
    if (by) {
      this.cursor = { x: within(this.cursor.x + by.x), y: within(this.cursor.y + by.y) };
      const box = this.canvas.parentElement?.style;
      box?.setProperty("--mx-x", String(this.cursor.x));
      box?.setProperty("--mx-y", String(this.cursor.y));
    } else if (event.key === "Enter" || event.key === " ") {
      this.dab({ x: this.cursor.x * this.canvas.width, y: this.cursor.y * this.canvas.height });
    } else {
      return;
    }
    event.preventDefault();
  }

  private pointOf(event: PointerEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * this.canvas.width,
      y: ((event.clientY - box.top) / box.height) * this.canvas.height,
    };
  }

  private radius(): number {
    return (Math.max(this.canvas.width, this.canvas.height) * BRUSH) / 2;
  }

  private dab({ x, y }: Point): void {
    const context = this.canvas.getContext("2d");
    if (!context || !this.blocks) return;
    context.save();
    context.beginPath();
    context.arc(x, y, this.radius(), 0, 2 * Math.PI);
    context.clip();
    context.drawImage(this.blocks, 0, 0);
    context.restore();
    this.touched = true;
  }

  private async keep(): Promise<void> {
    const { photo } = this;
    if (!photo || !this.touched) {
      this.dialog.close();
      return;
    }
    const hidden = await asJpeg(this.canvas, QUALITY);
    const name = `${photo.name.replace(/\.\w+$/, "")}.jpg`;
    this.leave(new File([hidden], name, { type: "image/jpeg", lastModified: photo.lastModified }));
    this.dialog.close();
  }

  private leave(result: File | null): void {
    this.finish?.(result);
    this.finish = null;
    this.photo = null;
    this.picture = null;
    this.blocks = null;
  }
}

const within = (share: number) => Math.min(1, Math.max(0, share));
