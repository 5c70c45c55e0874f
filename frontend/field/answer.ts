// What a member of a group saw at a place, on its way from the phone. Nothing here touches the page,
// the network or the store.
import type { Parcel } from "../parcels/parcel.ts";

/** A place to look at. What the server tells of it is all that is ever known here. */
export interface Task {
  id: number; category: string; place: string; unit: string; question: string; due: string; due_on: string;
  lon: number | null; lat: number | null; exact: boolean;
}

/** Open tasks as they were told to an account at a moment, in the order of a walk. */
export interface Tasks { account: string; at: number; tasks: Task[] }

export interface Photo { name: string; type: string; bytes: ArrayBuffer }

export interface Answer extends Parcel { task: number; fields: Record<string, string>; photos: Photo[] }

export interface Place { lon: number; lat: number }

const DAY = 24 * 3600_000;
const KEEP_TASKS_MS = 7 * DAY;
const EARTH_M = 6_371_008.8;

/** Great-circle metres, as geo/points.py counts them. */
export function metresBetween(a: Place, b: Place): number {
  const radians = Math.PI / 180;
  const lat = (b.lat - a.lat) * radians / 2, lon = (b.lon - a.lon) * radians / 2;
  const h = Math.sin(lat) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(lon) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

function placeOf(task: Task): Place | null {
  return task.lon === null || task.lat === null ? null : { lon: task.lon, lat: task.lat };
}

/** From the start always on to the nearest place left, as geo/routes.py; tasks without one come last. */
export function walked(tasks: Task[], start: Place): Task[] {
  const left = tasks.filter(placeOf), order: Task[] = [];
  let here = start;
  while (left.length) {
    const far = left.map((task) => metresBetween(here, placeOf(task) as Place));
    const [next] = left.splice(far.indexOf(Math.min(...far)), 1);
    order.push(next as Task);
    here = placeOf(next as Task) as Place;
  }
  return [...order, ...tasks.filter((task) => !placeOf(task))];
}

/** Metres from a place to a task's; null where it has none. */
export function metresTo(task: Task, from: Place): number | null {
  const place = placeOf(task);
  return place && metresBetween(from, place);
}

/** The tasks as long as they may still be shown: a week, in a phone without network. */
export function fresh(kept: Tasks | undefined, now: number): Tasks | null {
  return kept && Array.isArray(kept.tasks) && now - kept.at < KEEP_TASKS_MS ? kept : null;
}

/** What is missing before an answer may go: a finding, then a photo and a place, or why not. */
export function missing(
  fields: Record<string, string>, photos: number,
): "finding" | "photo" | "place" | null {
  if (!fields["finding"]) return "finding";
  if ((fields["no_photo_reason"] ?? "").trim()) return null;
  if (photos === 0) return "photo";
  return fields["lon"] ? null : "place";
}
