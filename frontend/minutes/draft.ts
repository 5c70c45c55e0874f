// A draft of one form in this browser. It leaves with signing out, which empties the storage.
import { findAll } from "../page.ts";
import type { Typed } from "../visits/visit.ts";
import { addRow } from "./rows.ts";

export interface Kept { at: number; values: Typed }

const MOST_ROWS = 20;
/** The token is the page's. The version goes with the draft: who saved meanwhile is not overwritten. */
const OF_THE_PAGE = new Set(["csrf_token"]);

/** What stands in a form. */
export function typedIn(form: HTMLFormElement): Typed {
  const values: Typed = {};
  new FormData(form).forEach((value, name) => {
    if (typeof value === "string" && !OF_THE_PAGE.has(name)) values[name] = value;
  });
  return values;
}

/** Puts words back into a form, with as many rows as they need. */
export function fillIn(form: HTMLFormElement, values: Typed): void {
  const names = Object.keys(values);
  const rows = () => findAll("[data-measured-row]", form).length;
  while (names.some((name) => name.startsWith("measured-") && form.elements.namedItem(name) === null)) {
    if (rows() === 0 || rows() >= MOST_ROWS) break;
    addRow(form);
  }
  for (const name of names) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = values[name] ?? "";
  }
}

/** How long nobody types before the words are kept. */
export const PAUSE_MS = 600;

export class Draft {
  private readonly key: string;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly storage: Storage, uid: string) {
    this.key = `mx-minutes-${uid}`;
  }

  /** Keeps what was typed once nobody types for a moment; `kept` is told when. */
  keepSoon(values: () => Typed, kept: (at: number) => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => kept(this.keep(values())), PAUSE_MS);
  }

  keep(values: Typed): number {
    clearTimeout(this.timer);
    const at = Date.now();
    try {
      this.storage.setItem(this.key, JSON.stringify({ at, values }));
    } catch {
      // A full or closed storage: the form itself still holds the words.
    }
    return at;
  }

  read(): Kept | null {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "null") as Kept | null;
    } catch {
      return null;
    }
  }

  forget(): void {
    clearTimeout(this.timer);
    try {
      this.storage.removeItem(this.key);
    } catch {
      // Nothing is kept where the storage is closed.
    }
  }
}
