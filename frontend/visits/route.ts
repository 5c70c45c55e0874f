// How the minutes of a visit go to the server (contract: POST /api/v1/staff/visits).
import { VISITS as NOTE } from "../parcels/notes.ts";
import type { Route } from "../parcels/sender.ts";
import { bodyOf, follows, placed, taken, type Visit } from "./visit.ts";

export const VISITS: Route<Visit> = {
  note: NOTE,
  letter: (visit) => ({ address: "/api/v1/staff/visits", body: bodyOf(visit) }),
  ours: (body) => typeof (body as { version?: unknown } | null)?.version === "number",
  taken: (all, visit, body, now) => taken(all, visit, (body as { version: number }).version, now),
  follows,
  told: (visit, { fields }) => ({ ...visit, problems: placed(fields, visit.fields) }),
};
