// Two photos laid over each other; a range, or a finger on them, shows more of the left or of the
// right one. Without this script they stand side by side.
import { fill, find, findAll, textOf } from "./page.ts";

/** How much of the upper photo is cut away on its left, in percent, when `share` of the lower shows. */
export function cutOf(share: number): string {
  return `inset(0 0 0 ${Math.min(100, Math.max(0, share))}%)`;
}

/** How much of the left photo a pointer at `x` asks for, in percent. */
export function shareAt(x: number, photo: { left: number; width: number }): number {
  if (photo.width <= 0) return 50;
  return Math.min(100, Math.max(0, Math.round((100 * (x - photo.left)) / photo.width)));
}

function layOver(box: HTMLElement): void {
  const control = find("[data-compare-control]", box);
  const range = find<HTMLInputElement>("[data-compare-range]", box);
  const upper = findAll("[data-compare-side] img", box)[1];
  const edge = find("[data-compare-edge]", box);
  if (!control || !range || !upper || !edge) return;
  const show = (): void => {
    upper.style.clipPath = cutOf(Number(range.value));
    edge.style.left = `${range.value}%`;
    range.setAttribute("aria-valuetext", fill(textOf(range, "value"), { share: range.value }));
  };
  box.classList.add("is-laid-over");
  control.hidden = edge.hidden = false;
  range.addEventListener("input", show);
  const drag = (event: PointerEvent): void => {
    range.value = String(shareAt(event.clientX, upper.getBoundingClientRect()));
    show();
  };
  for (const photo of findAll<HTMLImageElement>("[data-compare-side] img", box)) {
    photo.draggable = false;
    photo.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      photo.setPointerCapture(event.pointerId);
      drag(event);
    });
    photo.addEventListener("pointermove", (event) => {
      if (photo.hasPointerCapture(event.pointerId)) drag(event);
    });
  }
  show();
}

if (typeof document !== "undefined") findAll("[data-compare]").forEach(layOver);
