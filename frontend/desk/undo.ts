// The step just taken, and half a minute to take it back. What the step sends out waits as long.
import { fill, find, textOf } from "../page.ts";

const HELD_S = 30;

export class UndoStrip {
  private readonly strip = find("[data-undo]");
  private readonly words = find("[data-undo-words]");
  private readonly button = find<HTMLButtonElement>("[data-undo-button]");
  private form: HTMLFormElement | null = null;
  private left = 0;
  private timer = 0;

  constructor(private readonly undone: (code: string) => void) {
    this.button?.addEventListener("click", () => void this.undo());
  }

  /** Offers the form that the answered page carries; without one there is nothing to take back. */
  offer(page: ParentNode): void {
    const form = find<HTMLFormElement>("form[data-undo-form]", page);
    if (!form || !this.strip) return;
    this.form = form;
    this.left = HELD_S;
    this.strip.hidden = false;
    if (this.button) this.button.hidden = false;
    this.count();
  }

  /** Says whether there was anything to take back. */
  async undo(): Promise<boolean> {
    const form = this.form;
    if (!form || !this.strip) return false;
    this.form = null;
    window.clearTimeout(this.timer);
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    this.say(textOf(this.strip, answer.ok ? "undone" : "failed"));
    if (answer.ok) this.undone(form.dataset["undoForm"] ?? "");
    return true;
  }

  private count(): void {
    if (!this.strip || !this.form) return;
    if (this.left <= 0) {
      this.form = null;
      this.strip.hidden = true;
      return;
    }
    if (this.words) this.words.textContent = fill(textOf(this.strip, "left"), { seconds: this.left });
    this.left -= 1;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.count(), 1_000);
  }

  private say(words: string): void {
    if (this.words) this.words.textContent = words;
    if (this.button) this.button.hidden = true;
    this.timer = window.setTimeout(() => { if (this.strip) this.strip.hidden = true; }, 5_000);
  }
}
