// The minutes of a visit, written on a phone, on their way to the server. Nothing here touches the
// page, the network or the store.
import { arrived, type Parcel } from "../parcels/parcel.ts";

export type Typed = Record<string, string>;

/** A file whose minutes may be written, as the server told of it. */
export interface VisitFile { uid: string; version: number; title: string; purpose: string; day: string; fields: Typed }
export interface VisitFiles { account: string; at: number; files: VisitFile[] }

/** `typedAt` tells its draft from a later one; `problems` are the server's words by field. */
export interface Visit extends Parcel {
  file: string; version: number; typedAt: number; fields: Typed; problems: Typed;
}

const KEEP_FILES_MS = 7 * 24 * 3600_000;
const PARTS = ["parameter", "value", "unit", "lowest", "highest", "sampled_at"];

/** Files are shown for a week without network. */
export function freshFiles(kept: VisitFiles | undefined | null, now: number): VisitFiles | null {
  return kept && Array.isArray(kept.files) && now - kept.at < KEEP_FILES_MS ? kept : null;
}

/** The numbers of the rows of measurements that hold anything. */
export function filledRows(fields: Typed): number[] {
  const rows = new Set<number>();
  for (const [name, value] of Object.entries(fields)) {
    const number = /^measured-(\d+)-/.exec(name)?.[1];
    if (number !== undefined && value.trim()) rows.add(Number(number));
  }
  return [...rows].sort((a, b) => a - b);
}

/** What `POST /api/v1/staff/visits` takes. */
export function bodyOf(visit: Visit): string {
  const { fields } = visit;
  const measured = filledRows(fields).map((row) => Object.fromEntries(
    PARTS.map((part) => [part, fields[`measured-${row}-${part}`] ?? ""]),
  ));
  const said = (name: string) => fields[name] ?? "";
  return JSON.stringify({
    file: visit.file, version: visit.version, started_at: said("started_at") || null,
    ended_at: said("ended_at") || null, place: said("place"), present: said("present"),
    observed: said("observed"), statement: said("statement"), measured,
  });
}

/** The server counts only rows that hold anything; here its words stand by the row as it was typed. */
export function placed(problems: Typed, fields: Typed): Typed {
  const rows = filledRows(fields);
  return Object.fromEntries(Object.entries(problems).map(([name, words]) => [
    name.replace(/^measured-(\d+)-/, (whole, number: string) => {
      const row = rows[Number(number)];
      return row === undefined ? whole : `measured-${row}-`;
    }),
    words,
  ]));
}

/** A visit to be sent. One that may have arrived stays: the next goes on from what it became. */
export function added(visits: Visit[], visit: Visit): Visit[] {
  const kept = visits.filter((each) => each.file !== visit.file || (each.state === "waiting" && each.tries > 0));
  return [...kept, visit];
}

/** Whether earlier minutes of the same file still wait for their answer. */
export function follows(visits: Visit[], visit: Visit): boolean {
  const [first] = visits.filter(({ file, state }) => file === visit.file && state === "waiting");
  return first !== undefined && first.key !== visit.key;
}

/** The words leave the phone; what was written later is written upon this version. */
export function taken(visits: Visit[], visit: Visit, version: number, now: number): Visit[] {
  const left = visits.filter(({ file, state }) => file !== visit.file || state !== "refused");
  return left.map((each) => {
    if (each.key === visit.key) return { ...arrived(each, now), version, fields: {}, problems: {} };
    return each.file === visit.file ? { ...each, version } : each;
  });
}

/** The newest of a file. */
export function newestOf(visits: Visit[], file: string): Visit | null {
  return visits.filter((each) => each.file === file).pop() ?? null;
}
