// The map of cases, public or staff: asks for what is in view, shows it, and says what it is doing.
import { find, textOf, textsOf } from "../page.ts";
import { CaseLayer, type MapTexts } from "./cases.ts";
import type { MapFeature } from "./features.ts";
import { boxOfAll } from "./finds.ts";
import { drawIslands, drawOutline } from "./layers.ts";
import { showNote } from "./notes.ts";
import { filtersOf, mapAddress, pageAddress, setFilters, viewOf, viewText } from "./query.ts";

declare global {
  interface Window { mxMap?: L.Map }
}

const WAIT_MS = 200;
// Under this time an answer comes before anybody could read that it is awaited.
const SLOW_MS = 400;

/** Nearer than this the finds of a search are not looked at unasked: what is around them tells more. */
const NEAREST_ZOOM = 14;

interface Answer { features: MapFeature[]; too_many?: true }

/** The other language's page is to ask the same, wherever the address has come to without loading. */
function askElsewhere(): void {
  const link = find<HTMLAnchorElement>("header a[hreflang]");
  if (!link) return;
  link.search = location.search;
  link.hash = location.hash;
}

export class CaseMap {
  private readonly cases: CaseLayer;
  private readonly form = find<HTMLFormElement>("form[data-map-filters]");
  private readonly endpoint: string;
  /** Whether filters wait for the button, and are those of the address until it is pressed. */
  private readonly searches = this.form?.dataset["mapFilters"] === "search";
  private timer = 0;
  private request: AbortController | null = null;
  /** How often the list was asked for. */
  private listed = 0;
  /** All that the finds of a search may lie in, until they are known. */
  private unseen: L.LatLngBounds | null = null;

  constructor(
    private readonly map: L.Map, private readonly container: HTMLElement, texts: MapTexts,
  ) {
    this.endpoint = container.dataset["endpoint"] ?? "";
    this.cases = new CaseLayer(map, texts, container.dataset["caseUrl"] ?? "");
    map.on("moveend", () => this.moved());
    if (this.searches) this.listenToSearch();
    else this.listenToChanges();
    find("[data-map-retry]")?.addEventListener("click", () => void this.load());
  }

  private listenToChanges(): void {
    this.form?.addEventListener("change", () => this.filtered());
    // A change takes effect at once; the button is for pages without script.
    const button = this.form && find<HTMLButtonElement>("button", this.form);
    if (button) button.hidden = true;
  }

  private listenToSearch(): void {
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.remember(this.formFilters());
      this.unseen = boundsOf(this.container);
      void this.refresh();
    });
    find("[data-list-retry]")?.addEventListener("click", () => void this.reloadList());
    if (this.filters().length > 0 && !viewOf(location.hash)) this.unseen = boundsOf(this.container);
  }

  start(): void {
    const remembered = viewOf(location.hash);
    if (remembered) this.map.setView([remembered.lat, remembered.lon], remembered.zoom, { animate: false });
    void this.load();
  }

  /**
   * Shows one case; where it is inside a cluster, goes near enough to see it alone. `covered` is the
   * width in pixels of what lies over the right of the map.
   */
  showCase(caseCode: string, lat: number, lon: number, covered = 0): void {
    const inSight = this.cases.highlight(caseCode) && this.map.getBounds().contains([lat, lon]);
    const room = this.map.getSize().x - covered;
    if (inSight && this.map.latLngToContainerPoint([lat, lon]).x < room) return;
    const zoom = Math.max(this.map.getZoom(), 15);
    const middle = this.map.project([lat, lon], zoom).add([covered / 2, 0]);
    this.map.setView(this.map.unproject(middle, zoom), zoom);
  }

  /** Writes what is asked and looked at into the address once more, after the browser put an older one there. */
  keepAddress(): void {
    this.remember(this.filters());
  }

  /** Asks anew for map and list, without moving the view; waits for the list alone, which leads. */
  async refresh(): Promise<void> {
    const list = this.reloadList();
    void this.load();
    await list;
  }

  private filters(): [string, string][] {
    return this.searches ? filtersOf(location.search) : this.formFilters();
  }

  private formFilters(): [string, string][] {
    return this.form ? setFilters(new FormData(this.form).entries()) : [];
  }

  private view(): { lat: number; lon: number; zoom: number } {
    const { lat, lng } = this.map.getCenter();
    return { lat, lon: lng, zoom: this.map.getZoom() };
  }

  private remember(filters: [string, string][]): void {
    history.replaceState(history.state, "", pageAddress(location.pathname, filters, this.view()));
    askElsewhere();
  }

  private moved(): void {
    // A search may be on a later page of its list, which the address has to keep.
    if (this.searches) history.replaceState(history.state, "", location.search + viewText(this.view()));
    else this.remember(this.formFilters());
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(), WAIT_MS);
  }

  private filtered(): void {
    this.remember(this.formFilters());
    void this.refresh();
  }

  private async load(): Promise<void> {
    window.clearTimeout(this.timer);
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.container.setAttribute("aria-busy", "true");
    const slow = window.setTimeout(() => showNote("loading"), SLOW_MS);
    try {
      if (await this.goneToFinds(request.signal)) return;
      const { features, too_many } = await this.ask(request.signal, this.map.getBounds(), this.map.getZoom());
      this.cases.show(features);
      if (too_many) showNote("many");
      else showNote(features.length === 0 ? "empty" : null);
    } catch {
      // Only the newest request may say that it failed; an older one was given up on purpose.
      if (this.request === request) showNote("error");
    } finally {
      window.clearTimeout(slow);
      if (this.request === request) this.container.removeAttribute("aria-busy");
    }
  }

  /** Once after a search: looks at what was found, as near as all of it is in sight. */
  private async goneToFinds(signal: AbortSignal): Promise<boolean> {
    if (!this.unseen) return false;
    const found = await this.finds(signal, this.unseen);
    this.unseen = null;
    if (!found) return false;
    this.map.fitBounds(found, { maxZoom: NEAREST_ZOOM, padding: [24, 24], animate: false });
    return true;
  }

  /** The box of what lies in a box. Each answer tells it by cells, finer the nearer it is asked. */
  private async finds(signal: AbortSignal, whole: L.LatLngBounds): Promise<L.LatLngBounds | null> {
    let box = whole;
    let zoom = this.map.getBoundsZoom(box);
    for (;;) {
      const found = boxOfAll((await this.ask(signal, box, zoom)).features);
      if (!found) return null;
      box = L.latLngBounds([found.south, found.west], [found.north, found.east]);
      const nearer = Math.min(NEAREST_ZOOM, this.map.getBoundsZoom(box));
      if (nearer <= zoom) return box;
      zoom = nearer;
    }
  }

  private async ask(signal: AbortSignal, view: L.LatLngBounds, zoom: number): Promise<Answer> {
    const box = {
      west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth(),
    };
    const address = mapAddress(this.endpoint, box, zoom, this.filters());
    // The page's language, not the browser's: /en is English for everybody.
    const headers = { "Accept-Language": document.documentElement.lang };
    const answer = await fetch(address, { signal, headers });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()) as Answer;
  }

  private sayListed(): void {
    const status = find("[data-list-status]");
    if (status) status.textContent = textOf(status, "listed");
  }

  /** The list beside the map says the same: it is taken from the page of the new address. */
  private async reloadList(): Promise<void> {
    const list = find("[data-map-list]");
    if (!list) return;
    list.setAttribute("aria-busy", "true");
    const mine = (this.listed += 1);
    const failed = find("[data-list-error]");
    if (failed) failed.hidden = true;
    try {
      const answer = await fetch(location.pathname + location.search);
      // The page itself says what is wrong with a filter.
      if (this.searches && answer.status === 422) location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = find("[data-map-list]", page);
      // With other filters it was asked for again; a map that came to rest only wrote the address.
      if (mine === this.listed && fresh) {
        list.replaceWith(fresh);
        fresh.dispatchEvent(new Event("mx-listed", { bubbles: true }));
      }
      this.sayListed();
    } catch {
      list.removeAttribute("aria-busy");
      if (failed) failed.hidden = false;
    }
  }
}

/** The box of data-bounds (w,s,e,n). */
function boundsOf(container: HTMLElement): L.LatLngBounds | null {
  const { bounds } = container.dataset;
  if (!bounds) return null;
  const [west = 0, south = 0, east = 0, north = 0] = bounds.split(",").map(Number);
  return L.latLngBounds([south, west], [north, east]);
}

function nameZoomButtons(texts: { zoom_in: string; zoom_out: string }): void {
  for (const [selector, text] of [
    [".leaflet-control-zoom-in", texts.zoom_in], [".leaflet-control-zoom-out", texts.zoom_out],
  ] as const) {
    const button = find(selector);
    if (button) button.title = text;
    button?.setAttribute("aria-label", text);
  }
}

/** What any of our maps has: no maker's prefix, translated buttons, outline and islands. */
export async function dressMap(map: L.Map, container: HTMLElement): Promise<L.GeoJSON | null> {
  map.attributionControl?.setPrefix(false);
  nameZoomButtons(textsOf<MapTexts>(container));
  const drawn = drawIslands(map, container.dataset["islands"]);
  const outline = await drawOutline(map, container.dataset["outline"]);
  await drawn;
  return outline;
}

/** Shows all of data-bounds, unless the address or the page asks for another view. */
function showBounds(map: L.Map, container: HTMLElement): void {
  const bounds = boundsOf(container);
  if (!bounds || container.dataset["zoom"] || viewOf(location.hash)) return;
  map.fitBounds(bounds, { animate: false });
}

/** Starts the page's map; null when the page has none or Leaflet did not come. */
export function startCaseMap(): CaseMap | null {
  const container = find("#map[data-endpoint]");
  if (!container) return null;
  if (!window.mxMap) {
    showNote("error");
    find("[data-map-retry]")?.addEventListener("click", () => location.reload());
    return null;
  }
  // It may have been made while it was hidden.
  window.mxMap.invalidateSize({ pan: false });
  // The cases matter more than the outline: a failure there is no failure of the map.
  dressMap(window.mxMap, container).catch(() => undefined);
  showBounds(window.mxMap, container);
  const started = new CaseMap(window.mxMap, container, textsOf<MapTexts>(container));
  started.start();
  return started;
}
