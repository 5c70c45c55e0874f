// Drawing what is to be hidden on photos and pages, with the finger, the mouse or the keyboard.
import { fill, find, findAll, html, revealScripted, textOf } from "./page.ts";
import { around, between, type Kind, type Mark, moved, pressed, resized } from "./redact/marks.ts";

interface Drawn { mark: Mark; box: HTMLButtonElement }
interface Pull { from: [number, number]; of: Drawn | null; start: Mark | null; corner: boolean; page: HTMLElement; far: boolean }

const FAR = 6; // pixels: less is a tap

class Editor {
  private readonly field = find<HTMLInputElement>("[name=marks]", this.form) as HTMLInputElement;
  private readonly drop = find<HTMLButtonElement>("[data-redact-drop]", this.form);
  private readonly status = find("[data-redact-status]", this.form);
  private readonly pages = findAll("[data-redact-page]", this.form);
  private readonly drawn: Drawn[] = [];
  private chosen: Drawn | null = null;
  private pull: Pull | null = null;

  constructor(private readonly form: HTMLFormElement) {
    revealScripted(form);
    for (const mark of JSON.parse(this.field.value || "[]") as Mark[]) this.add(mark);
    for (const page of this.pages) {
      page.addEventListener("pointerdown", (event) => this.begin(event, page));
      page.addEventListener("pointermove", (event) => this.follow(event));
      page.addEventListener("pointerup", (event) => this.end(event));
      page.addEventListener("pointercancel", () => { this.pull = null; });
    }
    find("[data-redact-add]", form)?.addEventListener("click", () => this.addInSight());
    this.drop?.addEventListener("click", () => this.remove(this.chosen));
    for (const radio of findAll<HTMLInputElement>("[name=kind]", form)) {
      radio.addEventListener("change", () => this.changeKind());
    }
    this.tell();
  }

  private get kind(): Kind {
    return find<HTMLInputElement>("[name=kind]:checked", this.form)?.value === "blur" ? "blur" : "box";
  }

  private add(mark: Mark): Drawn | null {
    const page = this.pages[mark.page];
    if (!page) return null;
    const box = html("button", "mx-redact-mark", [html("span", "mx-redact-corner")]) as HTMLButtonElement;
    box.type = "button";
    const drawn = { mark, box };
    box.addEventListener("focus", () => this.choose(drawn));
    box.addEventListener("keydown", (event) => this.key(event, drawn));
    this.drawn.push(drawn);
    page.append(box);
    this.place(drawn);
    this.tell();
    return drawn;
  }

  /** In the middle of the page that is most in sight. */
  private addInSight(): void {
    const middle = window.innerHeight / 2;
    const distance = (page: HTMLElement): number => {
      const { top, bottom } = page.getBoundingClientRect();
      return Math.max(top - middle, middle - bottom, 0);
    };
    const page = this.pages.slice().sort((a, b) => distance(a) - distance(b))[0];
    if (!page) return;
    const { top, height } = page.getBoundingClientRect();
    const share = Math.min(0.9, Math.max(0.1, (middle - top) / height));
    this.add(around(this.pages.indexOf(page), 0.5, share, this.kind))?.box.focus();
  }

  private begin(event: PointerEvent, page: HTMLElement): void {
    if (event.button !== 0) return;
    const target = event.target as Element;
    const of = this.drawn.find(({ box }) => box.contains(target)) ?? null;
    this.pull = {
      from: this.placeOf(event, page), of, start: of && of.mark, page, far: false,
      corner: target.classList.contains("mx-redact-corner"),
    };
    // A finger on the bare page scrolls; on a mark, and with a mouse, it draws.
    if (of || event.pointerType === "mouse") page.setPointerCapture(event.pointerId);
    if (of) of.box.focus();
  }

  private follow(event: PointerEvent): void {
    const { pull } = this;
    if (!pull) return;
    const [x, y] = this.placeOf(event, pull.page);
    const { width, height } = pull.page.getBoundingClientRect();
    pull.far = pull.far || Math.hypot((x - pull.from[0]) * width, (y - pull.from[1]) * height) > FAR;
    if (!pull.far) return;
    event.preventDefault();
    if (!pull.of) {
      const mark = between(this.pages.indexOf(pull.page), pull.from, [x, y], this.kind);
      const made = mark && this.add(mark);
      if (made) { pull.of = made; pull.start = null; made.box.focus(); }
      return;
    }
    const mark = this.pulled(pull, x, y);
    if (mark) pull.of.mark = mark;
    this.place(pull.of);
    this.tell();
  }

  private pulled(pull: Pull, x: number, y: number): Mark | null {
    if (!pull.of) return null;
    if (!pull.start) return between(pull.of.mark.page, pull.from, [x, y], pull.of.mark.kind);
    const [by, down] = [x - pull.from[0], y - pull.from[1]];
    return pull.corner ? resized(pull.start, by, down) : moved(pull.start, by, down);
  }

  private end(event: PointerEvent): void {
    const { pull } = this;
    this.pull = null;
    if (!pull || pull.of || pull.far) return;
    const [x, y] = this.placeOf(event, pull.page);
    this.add(around(this.pages.indexOf(pull.page), x, y, this.kind))?.box.focus();
  }

  private key(event: KeyboardEvent, drawn: Drawn): void {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(drawn);
      return;
    }
    const mark = pressed(drawn.mark, event.key, event.shiftKey);
    if (!mark) return;
    event.preventDefault();
    drawn.mark = mark;
    this.place(drawn);
    this.tell();
  }

  private choose(drawn: Drawn): void {
    this.chosen = drawn;
    const radio = find<HTMLInputElement>(`[name=kind][value=${drawn.mark.kind}]`, this.form);
    if (radio) radio.checked = true;
    if (this.drop) this.drop.disabled = false;
  }

  private changeKind(): void {
    if (!this.chosen) return;
    this.chosen.mark = { ...this.chosen.mark, kind: this.kind };
    this.place(this.chosen);
    this.tell();
  }

  private remove(drawn: Drawn | null): void {
    if (!drawn) return;
    this.drawn.splice(this.drawn.indexOf(drawn), 1);
    drawn.box.remove();
    this.chosen = null;
    if (this.drop) this.drop.disabled = true;
    this.tell();
    (this.drawn[this.drawn.length - 1]?.box ?? find<HTMLElement>("[data-redact-add]", this.form))?.focus();
  }

  private place({ mark, box }: Drawn): void {
    for (const [side, share] of [["left", mark.x], ["top", mark.y], ["width", mark.width], ["height", mark.height]] as const) {
      box.style.setProperty(side, `${share * 100}%`);
    }
    box.classList.toggle("mx-redact-mark--blur", mark.kind === "blur");
  }

  private tell(): void {
    this.field.value = JSON.stringify(this.drawn.map(({ mark }) => mark));
    this.drawn.forEach(({ mark, box }, order) => {
      box.setAttribute("aria-label", fill(textOf(this.form, mark.kind), { number: order + 1, page: mark.page + 1 }));
    });
    if (this.status) this.status.textContent = fill(textOf(this.form, "count"), { count: this.drawn.length });
  }

  private placeOf(event: PointerEvent, page: HTMLElement): [number, number] {
    const box = page.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }
}

for (const form of findAll<HTMLFormElement>("[data-redact]")) new Editor(form);
