// A draft of one form in this browser. It leaves with signing out, which empties the storage.

interface Kept { at: number; values: Record<string, string>; names: string[] }

/** The token is the page's. The version goes with the draft: who saved meanwhile is not overwritten. */
const OF_THE_PAGE = new Set(["csrf_token"]);

export class Draft {
  private readonly key: string;

  constructor(private readonly storage: Storage, uid: string) {
    this.key = `mx-minutes-${uid}`;
  }

  keep(form: HTMLFormElement): number {
    const values: Record<string, string> = {};
    new FormData(form).forEach((value, name) => {
      if (typeof value === "string" && !OF_THE_PAGE.has(name)) values[name] = value;
    });
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
      const found = JSON.parse(this.storage.getItem(this.key) ?? "null") as Omit<Kept, "names"> | null;
      return found && { ...found, names: Object.keys(found.values) };
    } catch {
      return null;
    }
  }

  fill(form: HTMLFormElement, kept: Kept): void {
    for (const name of kept.names) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.value = kept.values[name] ?? "";
    }
  }

  forget(): void {
    try {
      this.storage.removeItem(this.key);
    } catch {
      // Nothing is kept where the storage is closed.
    }
  }
}
