// The long form as three screens. The phone's own Back goes one screen back.
import { fill, find, findAll, html, textOf } from "../page.ts";
import { LEAVE_EVENT, PHOTOS_EVENT } from "./place.ts";

/** What was sent was refused: messages stand by the fields now. */
export const REFUSED_EVENT = "mx:refused";

/** The screen to begin with: the first that holds an error, else the first. */
export function firstStep(withError: boolean[]): number {
  return Math.max(0, withError.indexOf(true));
}

/** A field to mend, or words that the server asks to look at once more. */
const WRONG = "[aria-invalid=true], .mx-error:not([hidden]), [data-private]:not([hidden])";

type Checked = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

class Steps {
  private current = 0;
  private readonly back = find<HTMLButtonElement>("[data-step-back]", this.form);
  private readonly next = find<HTMLButtonElement>("[data-step-next]", this.form);
  private readonly send = find<HTMLButtonElement>("[data-step-send]", this.form);
  private readonly dots = find("[data-steps]", this.form);

  constructor(private readonly form: HTMLFormElement, private readonly steps: HTMLElement[]) {
    // A required field on a hidden screen would stop the browser without a word: we check instead.
    form.noValidate = true;
    this.back?.addEventListener("click", () => history.back());
    this.next?.addEventListener("click", () => this.forward());
    window.addEventListener("popstate", (event) => {
      this.show(Math.min((event.state as { step?: number } | null)?.step ?? 0, steps.length - 1), true);
    });
    form.addEventListener(PHOTOS_EVENT, () => this.nameNext());
    form.addEventListener("submit", (event) => {
      if (!this.allValid()) event.preventDefault();
    });
    form.addEventListener(REFUSED_EVENT, () => this.show(this.firstWrong(), false));
    this.begin(this.firstWrong());
  }

  private firstWrong(): number {
    return firstStep(this.steps.map((step) => find(WRONG, step) !== null));
  }

  private begin(first: number): void {
    history.replaceState({ step: 0 }, "");
    for (let step = 1; step <= first; step += 1) history.pushState({ step }, "");
    this.show(first, false);
  }

  private fields(step: HTMLElement): Checked[] {
    return findAll<Checked>("input, select, textarea", step);
  }

  private valid(index: number): boolean {
    const step = this.steps[index];
    const wrong = step && this.fields(step).find((field) => !field.checkValidity());
    if (!wrong) return true;
    if (index !== this.current) this.show(index, false);
    wrong.reportValidity();
    return false;
  }

  private allValid(): boolean {
    return this.steps.every((_step, index) => this.valid(index));
  }

  private forward(): void {
    if (!this.valid(this.current) || !this.mayLeave()) return;
    history.pushState({ step: this.current + 1 }, "");
    this.show(this.current + 1, true);
  }

  private mayLeave(): boolean {
    const step = this.steps[this.current];
    return step?.dispatchEvent(new CustomEvent(LEAVE_EVENT, { bubbles: true, cancelable: true })) ?? true;
  }

  /** Going on without a photo says so. */
  private nameNext(): void {
    if (!this.next) return;
    const photos = find<HTMLInputElement>("[data-photo-input]", this.steps[this.current]);
    const kept = find("input[name=kept_photo]", this.form) !== null;
    const none = photos !== null && !kept && (photos.files?.length ?? 0) === 0;
    this.next.textContent = textOf(this.next, none ? "no-photo" : "next");
    this.next.classList.toggle("btn-primary", !none);
    this.next.classList.toggle("btn-secondary", none);
  }

  private show(index: number, moveFocus: boolean): void {
    this.current = index;
    const last = index === this.steps.length - 1;
    this.steps.forEach((step, place) => { step.hidden = place !== index; });
    if (this.back) this.back.hidden = index === 0;
    if (this.next) this.next.hidden = last;
    if (this.send) this.send.hidden = !last;
    this.form.dataset["step"] = String(index + 1);
    this.nameNext();
    this.drawDots(index);
    if (moveFocus) {
      window.scrollTo(0, 0);
      find("h2", this.steps[index])?.focus();
    }
  }

  private drawDots(index: number): void {
    if (!this.dots) return;
    this.dots.hidden = false;
    this.dots.textContent = "";
    const count = this.steps.length;
    for (let step = 0; step < count; step += 1) {
      const words = fill(textOf(this.dots, "step"), { step: step + 1, count });
      const dot = html("li", "", [html("span", "visually-hidden", [words])]);
      if (step === index) dot.setAttribute("aria-current", "step");
      this.dots.append(dot);
    }
  }
}

export function splitIntoSteps(form: HTMLFormElement): void {
  const steps = findAll("[data-step]", form);
  if (steps.length > 1) new Steps(form, steps);
}
