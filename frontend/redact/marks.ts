// Marks in shares of a page, from its upper left: what the server hides for good.
export type Kind = "box" | "blur";
export interface Mark { page: number; x: number; y: number; width: number; height: number; kind: Kind }

export const SMALLEST = 0.01;
export const STEP = 0.01;
const USUAL = { width: 0.2, height: 0.12 };

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
const rounded = (value: number): number => Math.round(value * 1e5) / 1e5;

/** A mark of the usual size around a point. */
export function around(page: number, x: number, y: number, kind: Kind): Mark {
  return moved({ page, x: 0, y: 0, ...USUAL, kind }, x - USUAL.width / 2, y - USUAL.height / 2);
}

/** The rectangle between two corners; null when it is too small to be meant. */
export function between(page: number, from: [number, number], to: [number, number], kind: Kind): Mark | null {
  const [left, right] = [from[0], to[0]].map((at) => within(at, 1)).sort((a, b) => a - b) as [number, number];
  const [top, bottom] = [from[1], to[1]].map((at) => within(at, 1)).sort((a, b) => a - b) as [number, number];
  if (right - left < SMALLEST || bottom - top < SMALLEST) return null;
  return { page, x: rounded(left), y: rounded(top), width: rounded(right - left), height: rounded(bottom - top), kind };
}

/** Moved by a share of the page, and never out of it. */
export function moved(mark: Mark, by: number, down: number): Mark {
  return {
    ...mark,
    x: rounded(within(mark.x + by, 1 - mark.width)),
    y: rounded(within(mark.y + down, 1 - mark.height)),
  };
}

/** Wider and higher by a share of the page, its upper left where it was. */
export function resized(mark: Mark, wider: number, higher: number): Mark {
  return {
    ...mark,
    width: rounded(Math.max(SMALLEST, within(mark.width + wider, 1 - mark.x))),
    height: rounded(Math.max(SMALLEST, within(mark.height + higher, 1 - mark.y))),
  };
}

/** What a key does to a mark; null for a key that means nothing here. */
export function pressed(mark: Mark, key: string, shift: boolean): Mark | null {
  const steps: Record<string, [number, number]> = {
    ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP],
  };
  const step = steps[key];
  if (!step) return null;
  return shift ? resized(mark, ...step) : moved(mark, ...step);
}
