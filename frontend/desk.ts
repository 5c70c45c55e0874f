// The officer's queue: list and map say the same, the list leads, a record slides over the map.
import { isNarrowed } from "./desk/address.ts";
import { type Command, listenToKeys, nextRow } from "./desk/keys.ts";
import { watchQueue } from "./desk/news.ts";
import { isRecord, RecordPanel } from "./desk/panel.ts";
import { UndoStrip } from "./desk/undo.ts";
import { type CaseMap, startCaseMap } from "./map/case_map.ts";
import { fill, find, findAll, textOf } from "./page.ts";

/** Looks at what the list holds, unless the address remembers a view. */
function lookAtRows(): void {
  const places = findAll("[data-desk-list] [data-case]").flatMap((row): [number, number][] => {
    const [lat, lon] = [row.dataset["lat"], row.dataset["lon"]].map((text) => Number.parseFloat(text ?? ""));
    return Number.isFinite(lat) && Number.isFinite(lon) ? [[lat as number, lon as number]] : [];
  });
  if (places.length > 0 && !location.hash.startsWith("#map=")) {
    window.mxMap?.fitBounds(L.latLngBounds(places), { maxZoom: 14, padding: [40, 40], animate: false });
  }
}

class Desk {
  private readonly panelElement = find("[data-desk-panel]");
  private readonly panel = this.panelElement && new RecordPanel(
    this.panelElement, (page) => void this.decided(page), () => this.closed(),
  );
  private readonly undo = new UndoStrip((code) => void this.undone(code));
  private current = "";

  constructor(private readonly list: HTMLElement, private readonly map: CaseMap | null) {
    list.addEventListener("change", () => this.countChosen());
    this.countChosen();
    list.addEventListener("mx-listed", () => this.listed());
    list.addEventListener("focusin", (event) => this.focused(event));
    document.addEventListener("click", (event) => this.clicked(event));
    find("form[data-map-filters]")?.addEventListener("submit", (event) => {
      // Leaving the field has already asked for what it holds.
      event.preventDefault();
      (document.activeElement as HTMLElement | null)?.blur();
    });
    listenToKeys((command, key) => this.act(command, key));
    watchQueue(() => this.reload());
    find("#map")?.addEventListener("mx-case-chosen", (event) => this.chosenOnMap((event as CustomEvent<string>).detail));
    void this.panel?.reopen();
    const button = find<HTMLButtonElement>("[data-keys-open]");
    if (button) button.hidden = false;
    button?.addEventListener("click", () => this.help());
  }

  private rows(): HTMLElement[] {
    return findAll("[data-case]", this.list);
  }

  private row(): HTMLElement | undefined {
    return this.rows().find((row) => row.dataset["case"] === this.current);
  }

  private focused(event: FocusEvent): void {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-case]");
    if (row) this.choose(row);
  }

  private choose(row: HTMLElement): void {
    this.mark(row);
    this.showPlace(row);
  }

  private showPlace(row: HTMLElement): void {
    const lat = Number.parseFloat(row.dataset["lat"] ?? "");
    const lon = Number.parseFloat(row.dataset["lon"] ?? "");
    // A report without a point has a row and no place on the map.
    if (Number.isFinite(lat) && Number.isFinite(lon)) this.map?.showCase(this.current, lat, lon, this.covered());
  }

  /** How much of the map's right lies under the open record. */
  private covered(): number {
    const map = find("#map")?.getBoundingClientRect();
    const over = this.panel?.isOpen ? this.panelElement?.getBoundingClientRect() : undefined;
    return map && over ? Math.max(0, map.right - over.left) : 0;
  }

  private open(address: string): void {
    void this.panel?.open(address);
    const row = this.row();
    if (row) this.showPlace(row);
  }

  private closed(): void {
    // The browser went back to an address from before the record.
    this.map?.keepAddress();
    this.focusCurrent();
  }

  /** What is chosen on the map is the chosen row too. */
  private chosenOnMap(code: string): void {
    const row = this.rows().find((each) => each.dataset["case"] === code);
    if (!row) return;
    this.mark(row);
    row.scrollIntoView({ block: "nearest" });
  }

  private mark(row: HTMLElement): void {
    this.current = row.dataset["case"] ?? "";
    for (const other of findAll(".is-current", this.list)) other.classList.remove("is-current");
    row.classList.add("is-current");
  }

  private focusCurrent(): void {
    const row = this.row() ?? this.rows()[0];
    find<HTMLElement>(row ? "h2 a" : "a", row ?? this.list)?.focus();
  }

  private clicked(event: MouseEvent): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[href]");
    if (!link) return;
    if (link.dataset["state"] !== undefined) {
      event.preventDefault();
      this.filterState(link.dataset["state"]);
    } else if (this.opensInPanel(link)) {
      event.preventDefault();
      this.open(link.href);
    }
  }

  /** A row's link or a popup's; links inside the panel are the panel's own. */
  private opensInPanel(link: HTMLAnchorElement): boolean {
    return RecordPanel.fits() && isRecord(link.pathname) && !link.closest("[data-desk-panel]");
  }

  private filterState(state: string): void {
    const field = find<HTMLInputElement>("form[data-map-filters] [name=state]");
    if (!field) return;
    field.value = state;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** A list that came without loading the page: nothing in it is chosen, its question may be new. */
  private listed(): void {
    this.countChosen();
    this.row()?.classList.add("is-current");
    const narrowed = isNarrowed(location.search);
    find(".mx-filter-box")?.toggleAttribute("data-narrowed", narrowed);
    const note = find("[data-narrowed-note]");
    if (note) note.hidden = !narrowed;
  }

  private async reload(): Promise<void> {
    const chosen = new Set(this.ticks().filter((box) => box.checked).map((box) => box.value));
    await this.map?.refresh();
    // The value holds the version: what moved on since is to be looked at before it is chosen.
    for (const box of this.ticks()) box.checked = chosen.has(box.value);
    this.countChosen();
  }

  /** After a decision the next row opens; the one decided on may have left the list. */
  private async decided(page: Document): Promise<void> {
    this.undo.offer(page);
    const next = this.after();
    await this.reload();
    const row = this.rows().find((each) => each.dataset["case"] === next);
    if (row) this.openRow(row);
    else if (this.panelElement) this.panel?.say(textOf(this.panelElement, "done"));
  }

  private after(): string {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.dataset["case"] === this.current);
    return (rows[at + 1] ?? rows[at - 1])?.dataset["case"] ?? "";
  }

  private openRow(row: HTMLElement): void {
    this.choose(row);
    row.scrollIntoView({ block: "nearest" });
    const link = find<HTMLAnchorElement>("h2 a", row);
    if (!link) return;
    if (RecordPanel.fits()) this.open(link.href);
    else link.focus();
  }

  private async undone(code: string): Promise<void> {
    await this.reload();
    const row = this.rows().find((each) => each.dataset["case"] === code);
    if (row) this.openRow(row);
  }

  private act(command: Command, key: string): boolean {
    const acts: Record<Command, () => boolean> = {
      next: () => this.step("next"),
      previous: () => this.step("previous"),
      primary: () => this.primary(),
      other: () => Boolean(this.panel?.isOpen && this.panel.other(key)),
      skip: () => this.skip(),
      undo: () => { void this.undo.undo(); return true; },
      close: () => this.close(),
      choose: () => this.tick(),
      search: () => this.focusOn("[data-desk-search]"),
      filter: () => this.openFilters(),
      reload: () => { void this.reload(); return true; },
      alike: () => this.focusOn("[data-desk-panel] [data-alike] a"),
      help: () => this.help(),
      reports: () => this.go("[data-tab=phan-anh]"),
      cases: () => this.go("[data-tab=vu-viec]"),
      home: () => this.go(".mx-desk-nav a[href$='/can-bo/hom-nay']"),
      notices: () => this.go(".mx-desk-nav a[href$='/can-bo/thong-bao']"),
    };
    return acts[command]();
  }

  private step(way: "next" | "previous"): boolean {
    const rows = this.rows();
    const at = rows.findIndex((row) => row.dataset["case"] === this.current);
    const row = rows[nextRow(at, way, rows.length)];
    if (!row) return false;
    if (this.panel?.isOpen) this.openRow(row);
    else find<HTMLElement>("h2 a", row)?.focus();
    return true;
  }

  private skip(): boolean {
    return this.step("next");
  }

  private primary(): boolean {
    if (this.panel?.isOpen) return this.panel.primary();
    const row = this.row() ?? this.rows()[0];
    if (row) this.openRow(row);
    return row !== undefined;
  }

  /** The record first; else from the filters or the search back to the list, where the keys work. */
  private close(): boolean {
    if (this.panel?.isOpen) {
      this.panel.close();
      return true;
    }
    const open = findAll<HTMLDetailsElement>(".mx-filter-box[open], .mx-saved[open]");
    const asking = Boolean(document.activeElement?.closest(".mx-desk-filters, .mx-saved"));
    if (!asking && open.length === 0) return false;
    for (const box of open) box.open = false;
    this.focusCurrent();
    return true;
  }

  private ticks(): HTMLInputElement[] {
    return findAll<HTMLInputElement>("[data-choose]", this.list);
  }

  /** The bar for many at once shows once something is chosen. */
  private countChosen(): void {
    const bar = find("[data-bulk]", this.list);
    const words = bar && find("[data-bulk-count]", bar);
    const count = this.ticks().filter((box) => box.checked).length;
    if (!bar || !words) return;
    bar.hidden = count === 0;
    words.textContent = fill(textOf(words, "count"), { count });
  }

  private tick(): boolean {
    const box = this.row() && find<HTMLInputElement>("[data-choose]", this.row());
    box?.click();
    return Boolean(box);
  }

  private focusOn(selector: string): boolean {
    const target = find<HTMLElement>(selector);
    target?.focus();
    return target !== null;
  }

  private openFilters(): boolean {
    const box = find<HTMLDetailsElement>(".mx-filter-box");
    if (box) box.open = !box.open;
    return box !== null && (!box.open || this.focusOn(".mx-filter-box select"));
  }

  private help(): boolean {
    const help = find<HTMLDialogElement>("[data-keys-help]");
    help?.showModal();
    return help !== null;
  }

  private go(selector: string): boolean {
    const link = find<HTMLAnchorElement>(selector);
    link?.click();
    return link !== null;
  }
}

lookAtRows();
const map = startCaseMap();
const list = find("[data-desk-list]");
if (list) new Desk(list, map);
