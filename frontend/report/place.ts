// The place of a report: four hidden inputs, written by the phone's position or by the pin.
import { find } from "../page.ts";

export interface Place {
  lat: number; lon: number;
  /** Metres, or null for a pin that a person set. */
  accuracy: number | null;
  source: "gps" | "map" | "photo";
}

/** A place came that the map should show. */
export const PLACE_EVENT = "mx:place";
/** The form holds another place than before, wherever it came from. */
export const PLACED_EVENT = "mx:placed";
/** The unit at the place is known, or known to be none. */
export const UNIT_EVENT = "mx:unit";
/** A screen is about to be left forwards; who prevents it keeps the person there. */
export const LEAVE_EVENT = "mx:leave";
/** Other photos were chosen. */
export const PHOTOS_EVENT = "mx:photos";

const COARSE_METRES = 500;
const GOOD_METRES = 25;

export type Judgement = "good" | "usable" | "coarse";

/** Whether to go on listening: good ends it, coarse asks the person to correct the pin. */
export function judge(metres: number): Judgement {
  if (metres <= GOOD_METRES) return "good";
  return metres <= COARSE_METRES ? "usable" : "coarse";
}

/** Metres as a person says them: 7 → 10, 23 → 30, 180 → 200, 1340 → 2000. Never rounded down. */
export function roundedMetres(metres: number): number {
  const step = metres <= 100 ? 10 : metres <= 1000 ? 100 : 1000;
  return Math.max(step, Math.ceil(metres / step) * step);
}

/** A degree as it leaves the phone where a kilometre is enough. */
export function rounded(degrees: number): string {
  return degrees.toFixed(2);
}

function input(form: ParentNode, name: string): HTMLInputElement | null {
  return find<HTMLInputElement>(`input[data-${name}]`, form);
}

function set(form: ParentNode, name: string, value: string): void {
  const element = input(form, name);
  if (element) element.value = value;
}

export function writePlace(form: HTMLElement, place: Place): void {
  set(form, "lon", place.lon.toFixed(6));
  set(form, "lat", place.lat.toFixed(6));
  set(form, "accuracy", place.accuracy === null ? "" : String(Math.ceil(place.accuracy)));
  set(form, "source", place.source);
  form.dispatchEvent(new CustomEvent(PLACED_EVENT));
}

/** What to say of the place in a photo: that it is in the form, or that another one is. */
export function photoWords(source: string): "inside" | "inside-other" {
  return source === "photo" ? "inside" : "inside-other";
}

/** Where the place that the form holds came from. */
export function sourceOf(form: ParentNode): string {
  return input(form, "source")?.value ?? "";
}

/** The place the form holds, or null when it holds none. */
export function readPlace(form: ParentNode): { lat: number; lon: number } | null {
  const lat = Number.parseFloat(input(form, "lat")?.value ?? "");
  const lon = Number.parseFloat(input(form, "lon")?.value ?? "");
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
}
