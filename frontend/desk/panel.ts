// A record over the map. It shows the main part of the record's own page, so that whatever a page
// can do the panel can: links of the same record open inside, forms are sent from inside.
import { find, findAll, refill, textOf } from "../page.ts";

const RECORD = /^(?:\/en)?\/can-bo\/(?:phan-anh|vu-viec)\/[A-Z0-9]+(?:\/|$)/;
const WIDE = "(min-width: 992px)";

/** Whether an address is a page of one report or case, and so belongs into the panel. */
export function isRecord(path: string): boolean {
  return RECORD.test(path);
}

/** The record that the present entry of the browser's history shows over the map. */
function openedBefore(): string {
  const { record } = (history.state ?? {}) as { record?: unknown };
  return typeof record === "string" && isRecord(new URL(record, location.href).pathname) ? record : "";
}

export class RecordPanel {
  private readonly body = find("[data-panel-body]", this.panel);
  private readonly note = find("[data-panel-note]", this.panel);
  private address = "";
  private request: AbortController | null = null;

  constructor(
    private readonly panel: HTMLElement, private readonly decided: (page: Document) => void,
    private readonly closed: () => void,
  ) {
    find("[data-panel-close]", panel)?.addEventListener("click", () => this.close());
    panel.addEventListener("click", (event) => this.clicked(event));
    panel.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("popstate", () => this.wentBack());
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  /** Whether there is room for a panel; on a phone a record is a page. */
  static fits(): boolean {
    return window.matchMedia(WIDE).matches;
  }

  /** The browser's way back closes the record first, then leaves the list. */
  async open(address: string): Promise<void> {
    if (this.panel.hidden && !openedBefore()) history.pushState({ record: address }, "");
    this.panel.hidden = false;
    await this.load(address, { method: "GET" });
  }

  /** The record that lay here when the page was left. */
  async reopen(): Promise<void> {
    const address = openedBefore();
    if (address && RecordPanel.fits()) await this.open(address);
  }

  close(): void {
    if (this.panel.hidden) return;
    // Going back closes it.
    if (openedBefore()) history.back();
    else this.hide();
  }

  private wentBack(): void {
    const address = openedBefore();
    // A link to a place of the page, as the one that skips the menu, leaves the record open.
    if (history.state === null && location.hash !== "" && !location.hash.startsWith("#map=")) return;
    if (!address) this.hide();
    else if (this.panel.hidden) void this.reopen();
  }

  private hide(): void {
    if (this.panel.hidden) return;
    this.request?.abort();
    this.panel.hidden = true;
    if (this.body) refill(this.body, []);
    this.closed();
  }

  /** The step that comes next: its link is followed, its form sent. Says whether there was one. */
  primary(): boolean {
    const target = find<HTMLElement>("[data-primary]", this.panel);
    target?.click();
    return target !== null;
  }

  /** The other step with this number. */
  other(key: string): boolean {
    const target = findAll<HTMLElement>("[data-action]", this.panel)[Number(key) - 1];
    target?.click();
    return target !== undefined;
  }

  say(words: string): void {
    if (this.body) refill(this.body, []);
    this.tell(words);
  }

  private tell(words: string): void {
    if (!this.note) return;
    this.note.textContent = words;
    this.note.hidden = words === "";
  }

  /** `decides` is false for a form after which the same record stays open. */
  private async load(address: string, init: RequestInit, decides = true): Promise<void> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.panel.setAttribute("aria-busy", "true");
    this.tell(textOf(this.panel, "loading"));
    try {
      const answer = await fetch(address, { ...init, signal: request.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const decided = decides && init.method === "POST" && answer.redirected;
      this.address = answer.url;
      if (openedBefore() && isRecord(new URL(answer.url).pathname)) history.replaceState({ record: answer.url }, "");
      // A step that takes the record out of sight answers with the queue.
      if (!decided || isRecord(new URL(answer.url).pathname)) this.show(page);
      if (decided) this.decided(page);
    } catch {
      if (this.request === request) this.tell(textOf(this.panel, "failed"));
    } finally {
      if (this.request === request) this.panel.removeAttribute("aria-busy");
    }
  }

  private show(page: Document): void {
    const main = find("#main", page);
    if (!main || !this.body) throw new Error("no page");
    this.tell("");
    refill(this.body, Array.from(main.childNodes, (node) => document.importNode(node, true)));
    const whole = find<HTMLAnchorElement>("[data-panel-whole]", this.panel);
    if (whole) whole.href = this.address;
    findAll("[data-action]", this.body).slice(0, 9).forEach((element, index) => {
      const key = document.createElement("kbd");
      key.textContent = String(index + 1);
      element.prepend(key, " ");
    });
    for (const others of findAll<HTMLDetailsElement>("[data-others]", this.body)) others.open = true;
    this.panel.scrollTop = 0;
    this.focus();
  }

  /** What is wrong first, then what is still empty, then the step itself, else the panel. */
  private focus(): void {
    const wrong = find<HTMLElement>("[data-form-errors]", this.panel);
    const empty = findAll<HTMLInputElement>("form [required]", this.panel)
      .find((field) => field.type !== "radio" && field.value === "");
    const target = wrong ?? empty ?? find<HTMLElement>("form [data-primary]", this.panel) ?? this.panel;
    target.focus();
  }

  private clicked(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[href]");
    if (link?.getAttribute("href")?.startsWith("#")) {
      // A place inside the record is no step of the browser's history.
      event.preventDefault();
      const target = find<HTMLElement>(`[id="${CSS.escape(link.hash.slice(1))}"]`, this.panel);
      target?.scrollIntoView({ block: "center" });
      target?.focus();
      return;
    }
    if (link?.getAttribute("href")?.startsWith("?")) {
      event.preventDefault();
      void this.load(new URL(link.getAttribute("href") ?? "", this.address).href, { method: "GET" });
      return;
    }
    if (!link || link.matches("[data-panel-whole]") || link.origin !== location.origin) return;
    if (link.matches("[data-back]")) {
      event.preventDefault();
      this.close();
    } else if (isRecord(link.pathname)) {
      event.preventDefault();
      void this.load(link.href, { method: "GET" });
    }
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    // A form without an address of its own sends to its page, which here is not the desk's.
    const action = form.getAttribute("action") ? form.action : this.address;
    const stays = form.matches("[data-stays]");
    if (form.method !== "post" || !(stays || isRecord(new URL(action).pathname))) return;
    event.preventDefault();
    void this.load(action, { method: "POST", body: new FormData(form) }, !stays);
  }
}
