// The map of cases, public or staff: asks for what is in view, shows it, and says what it is doing.
import { find, findAll, textsOf } from "../page.ts";
import { CaseLayer, type MapFeature, type MapTexts } from "./cases.ts";
import { drawIslands, drawOutline } from "./layers.ts";
import { mapAddress, pageAddress, setFilters, viewOf } from "./query.ts";

declare global {
  interface Window { mxMap?: L.Map }
}

const WAIT_MS = 200;
// Under this time an answer comes before anybody could read that it is awaited.
const SLOW_MS = 400;

type Note = "loading" | "empty" | "error";

function showNote(wanted: Note | null): void {
  for (const note of findAll("[data-map-note]")) {
    note.hidden = note.dataset["mapNote"] !== wanted;
  }
}

export class CaseMap {
  private readonly cases: CaseLayer;
  private readonly form = find<HTMLFormElement>("form[data-map-filters]");
  private readonly endpoint: string;
  private timer = 0;
  private request: AbortController | null = null;
  /** How often the list was asked for. */
  private listed = 0;

  constructor(
    private readonly map: L.Map, private readonly container: HTMLElement, texts: MapTexts,
  ) {
    this.endpoint = container.dataset["endpoint"] ?? "";
    this.cases = new CaseLayer(map, texts, container.dataset["caseUrl"] ?? "");
    map.on("moveend", () => this.moved());
    this.form?.addEventListener("change", () => this.filtered());
    // A change takes effect at once; the button is for pages without script.
    const button = this.form && find<HTMLButtonElement>("button", this.form);
    if (button) button.hidden = true;
    find("[data-map-retry]")?.addEventListener("click", () => void this.load());
  }

  start(): void {
    const remembered = viewOf(location.hash);
    if (remembered) this.map.setView([remembered.lat, remembered.lon], remembered.zoom, { animate: false });
    void this.load();
  }

  /** Shows one case; where it is inside a cluster, goes near enough to see it alone. */
  showCase(caseCode: string, lat: number, lon: number): void {
    if (this.cases.highlight(caseCode) && this.map.getBounds().contains([lat, lon])) return;
    this.map.setView([lat, lon], Math.max(this.map.getZoom(), 15));
  }

  /** Asks anew for map and list, without moving the view; waits for the list alone, which leads. */
  async refresh(): Promise<void> {
    const list = this.reloadList();
    void this.load();
    await list;
  }

  private filters(): [string, string][] {
    return this.form ? setFilters(new FormData(this.form).entries()) : [];
  }

  private remember(): void {
    const { lat, lng } = this.map.getCenter();
    const view = { lat, lon: lng, zoom: this.map.getZoom() };
    history.replaceState(history.state, "", pageAddress(location.pathname, this.filters(), view));
  }

  private moved(): void {
    this.remember();
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(), WAIT_MS);
  }

  private filtered(): void {
    this.remember();
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
      const features = await this.ask(request.signal);
      this.cases.show(features);
      showNote(features.length === 0 ? "empty" : null);
    } catch {
      // Only the newest request may say that it failed; an older one was given up on purpose.
      if (this.request === request) showNote("error");
    } finally {
      window.clearTimeout(slow);
      if (this.request === request) this.container.removeAttribute("aria-busy");
    }
  }

  private async ask(signal: AbortSignal): Promise<MapFeature[]> {
    const view = this.map.getBounds();
    const box = {
      west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth(),
    };
    const address = mapAddress(this.endpoint, box, this.map.getZoom(), this.filters());
    // The page's language, not the browser's: /en is English for everybody.
    const headers = { "Accept-Language": document.documentElement.lang };
    const answer = await fetch(address, { signal, headers });
    if (!answer.ok) throw new Error(String(answer.status));
    const collection = (await answer.json()) as { features: MapFeature[] };
    return collection.features;
  }

  /** The list beside the map says the same: it is taken from the page of the new address. */
  private async reloadList(): Promise<void> {
    const list = find("[data-map-list]");
    if (!list) return;
    list.setAttribute("aria-busy", "true");
    const mine = (this.listed += 1);
    try {
      const answer = await fetch(location.pathname + location.search);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = find("[data-map-list]", page);
      // With other filters it was asked for again; a map that came to rest only wrote the address.
      if (mine === this.listed && fresh) list.replaceWith(fresh);
    } catch {
      list.removeAttribute("aria-busy");
    }
  }
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

/** Shows all of data-bounds (w,s,e,n), unless the address or the page asks for another view. */
function showBounds(map: L.Map, container: HTMLElement): void {
  const { bounds, zoom } = container.dataset;
  if (!bounds || zoom || viewOf(location.hash)) return;
  const [west = 0, south = 0, east = 0, north = 0] = bounds.split(",").map(Number);
  map.fitBounds([[south, west], [north, east]], { animate: false });
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
  // The cases matter more than the outline: a failure there is no failure of the map.
  dressMap(window.mxMap, container).catch(() => undefined);
  showBounds(window.mxMap, container);
  const started = new CaseMap(window.mxMap, container, textsOf<MapTexts>(container));
  started.start();
  return started;
}
