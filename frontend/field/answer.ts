// What a member of a group saw at a place, on its way from the phone. Nothing here touches the page,
// the network or the store.
import { backOff, waits } from "../outbox/item.ts";

/** A place to look at. What the server tells of it is all that is ever known here. */
export interface Task {
  id: number; category: string; place: string; unit: string; question: string; due: string; due_on: string;
  lon: number | null; lat: number | null; exact: boolean;
}

/** Open tasks as they were told to an account at a moment, in the order of a walk. */
export interface Tasks { account: string; at: number; tasks: Task[] }

export interface Photo { name: string; type: string; bytes: ArrayBuffer }

/**
 * waiting  to be sent, or nobody knows whether it arrived
 * sent     it has arrived; only the line that says so is left
 * refused  the server said why not
 */
export interface Answer {
  /** The Idempotency-Key. */
  key: string;
  task: number;
  title: string;
  account: string;
  language: string;
  at: number;
  state: "waiting" | "sent" | "refused";
  fields: Record<string, string>;
  photos: Photo[];
  tries: number;
  /** Another account is signed in, or none. */
  held: boolean;
  notBefore: number;
  problem: string;
}

export interface Place { lon: number; lat: number }

const DAY = 24 * 3600_000;
const KEEP_TASKS_MS = 7 * DAY;
const KEEP_SENT_MS = DAY;
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

export function lasting(answers: Answer[], now: number): Answer[] {
  return answers.filter((answer) => answer.state !== "sent" || now - answer.at < KEEP_SENT_MS);
}

export function due(answer: Answer, now: number): boolean {
  return answer.state === "waiting" && !waits(answer.notBefore, now);
}

/** It has arrived: words and photos leave the phone. */
export function arrived(answer: Answer, now: number): Answer {
  return { ...answer, state: "sent", at: now, fields: {}, photos: [], held: false, problem: "" };
}

export function refused(answer: Answer, problem: string): Answer {
  return { ...answer, state: "refused", problem, held: false };
}

export function postponed(answer: Answer, after: number | null, now: number): Answer {
  const tries = answer.tries + 1;
  return { ...answer, tries, held: false, notBefore: now + (after ?? backOff(tries)) };
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
