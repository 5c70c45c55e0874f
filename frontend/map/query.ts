// Pure rules of what the map asks for and how the page's address remembers it.

/** Degrees, WGS 84; west and south below east and north. */
export interface Box { west: number; south: number; east: number; north: number }

export interface View { lat: number; lon: number; zoom: number }

const MAX_LAT = 85.0511;

export function wholeZoom(zoom: number): number {
  return Math.min(19, Math.max(0, Math.round(zoom)));
}

/**
 * The box widened to lines a quarter of a tile apart, so that small moves and neighbours' phones
 * ask for the same address and the answer comes from a cache.
 */
export function snappedBox(box: Box, zoom: number): Box {
  const step = 360 / 2 ** wholeZoom(zoom) / 4;
  const down = (value: number) => Math.floor(value / step) * step;
  const up = (value: number) => Math.ceil(value / step) * step;
  return {
    west: Math.max(-180, down(box.west)),
    south: Math.max(-MAX_LAT, down(box.south)),
    east: Math.min(180, up(box.east)),
    north: Math.min(MAX_LAT, up(box.north)),
  };
}

const degrees = (value: number): string => String(Number(value.toFixed(5)));

/** `w,s,e,n`, five decimals at most: about one metre. */
export function boxText(box: Box): string {
  return [box.west, box.south, box.east, box.north].map(degrees).join(",");
}

/** The filters that are set, in the form's order. */
export function setFilters(entries: Iterable<[string, unknown]>): [string, string][] {
  const kept: [string, string][] = [];
  for (const [name, value] of entries) {
    if (typeof value === "string" && value !== "") kept.push([name, value]);
  }
  return kept;
}

export function mapAddress(
  endpoint: string, box: Box, zoom: number, filters: [string, string][],
): string {
  const query = new URLSearchParams(filters);
  query.set("bbox", boxText(snappedBox(box, zoom)));
  query.set("zoom", String(wholeZoom(zoom)));
  // The commas of the box are legal in a query and easier to read in a log.
  const asked = query.toString().replace(/%2C/g, ",");
  return `${endpoint}${endpoint.includes("?") ? "&" : "?"}${asked}`;
}

/** The filters of an address, without the place where its list goes on. */
export function filtersOf(search: string): [string, string][] {
  return setFilters(new URLSearchParams(search)).filter(([name]) => name !== "after");
}

/** The page's own address with these filters; the view goes behind the #. */
export function pageAddress(path: string, filters: [string, string][], view: View): string {
  const query = new URLSearchParams(filters).toString();
  return `${path}${query ? `?${query}` : ""}${viewText(view)}`;
}

export function viewText(view: View): string {
  return `#map=${wholeZoom(view.zoom)}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}`;
}

/** The view an address remembers, or null when it holds none or a false one. */
export function viewOf(hash: string): View | null {
  const found = /^#map=(\d{1,2})\/(-?\d{1,2}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)$/.exec(hash);
  if (!found) return null;
  const [zoom, lat, lon] = found.slice(1).map(Number) as [number, number, number];
  if (zoom > 19 || Math.abs(lat) > MAX_LAT || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}
