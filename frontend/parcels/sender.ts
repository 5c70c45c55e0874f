// Sends parcels that wait, one after the other, in one place at a time: a page or the service worker.
import { alone } from "../outbox/alone.ts";
import type { Store } from "../outbox/store.ts";
import { retryAfter } from "../outbox/verdict.ts";
import { changeParcels, keptParcels } from "./notes.ts";
import { due, type Parcel, refused, replaced, tried } from "./parcel.ts";

export interface Session { account: string; csrf_token: string }
export interface Problem { type: string; detail: string; fields: Record<string, string> }

/** What one kind of parcels needs to be sent. */
export interface Route<Kind extends Parcel> {
  note: string;
  letter(parcel: Kind): { address: string; body: FormData | string };
  /** Whether this body of a 2xx is surely the server's own: a carrier's sign-in page answers 200 too. */
  ours(body: unknown): boolean;
  /** The list after the server took this one. */
  taken(parcels: Kind[], parcel: Kind, body: unknown, now: number): Kind[];
  /** Whether it must wait until an earlier one has its answer. */
  follows?(parcels: Kind[], parcel: Kind): boolean;
  /** What stays of the server's words beside the sentence. */
  told?(parcel: Kind, problem: Problem): Kind;
}

const LIMIT_MS = 180_000;
const TEMPORARY = new Set([400, 401, 408, 423, 425, 429]);

/** Sends what is due; `atOnce` also what waits for its turn. True when something is still to go. */
export async function sendParcels<Kind extends Parcel>(
  route: Route<Kind>, store: Store, ask: typeof fetch, atOnce: boolean,
): Promise<boolean> {
  await alone(`mat-xanh-${route.note}-sending`, async () => {
    const now = Date.now();
    const kept = await keptParcels<Kind>(store, route.note);
    const ready = kept.filter((each) => (atOnce ? each.state === "waiting" : due(each, now)));
    if (ready.length === 0) return;
    const session = await whoIsIn(ask);
    if (session) for (const { key } of ready) await sendOne(route, store, ask, session, key);
  });
  return (await keptParcels(store, route.note)).some((each) => each.state === "waiting" && !each.held);
}

/** Null where no network leads to the server. */
export async function whoIsIn(ask: typeof fetch): Promise<Session | null> {
  try {
    const answer = await ask("/api/v1/session", { credentials: "same-origin", cache: "no-store" });
    const body = await answer.json() as Partial<Session>;
    return typeof body.account === "string" ? { account: body.account, csrf_token: body.csrf_token ?? "" } : null;
  } catch {
    return null;
  }
}

/** One that an earlier one changed is sent as it is now. */
async function sendOne<Kind extends Parcel>(
  route: Route<Kind>, store: Store, ask: typeof fetch, session: Session, key: string,
): Promise<void> {
  const kept = await keptParcels<Kind>(store, route.note);
  const parcel = kept.find((each) => each.key === key && each.state === "waiting");
  if (!parcel || route.follows?.(kept, parcel)) return;
  const change = (to: (all: Kind[]) => Kind[]) => changeParcels(store, route.note, to, Date.now());
  const now = Date.now();
  if (session.account !== parcel.account) {
    await change((all) => replaced(all, { ...parcel, held: true }));
    return;
  }
  // Said before the attempt: what follows may have arrived, however it ends.
  const begun = tried(parcel, now);
  await change((all) => replaced(all, begun));
  const told = await post(route.letter(parcel), parcel, session, ask);
  await change((all) => after(route, all, begun, told));
}

interface Told { status: number; body: unknown; problem: Problem | null; after: number | null }

function after<Kind extends Parcel>(route: Route<Kind>, all: Kind[], parcel: Kind, told: Told | null): Kind[] {
  const now = Date.now();
  if (told && told.status < 300 && route.ours(told.body)) return route.taken(all, parcel, told.body, now);
  const problem = told?.problem;
  if (!problem || told.status >= 500 || TEMPORARY.has(told.status) || problem.type.endsWith("/busy")) {
    return replaced(all, told?.after ? { ...parcel, notBefore: now + told.after } : parcel);
  }
  const words = [problem.detail, ...Object.values(problem.fields)].join(" ");
  const shut = refused(parcel, words);
  return replaced(all, route.told ? route.told(shut, problem) : shut);
}

async function post(
  letter: { address: string; body: FormData | string }, parcel: Parcel, session: Session, ask: typeof fetch,
): Promise<Told | null> {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(), LIMIT_MS);
  const json: Record<string, string> = typeof letter.body === "string" ? { "Content-Type": "application/json" } : {};
  try {
    const got = await ask(letter.address, {
      method: "POST", body: letter.body, credentials: "same-origin", cache: "no-store",
      redirect: "error", signal: gaveUp.signal,
      headers: {
        ...json, Accept: "application/json", "Accept-Language": parcel.language,
        "Idempotency-Key": parcel.key, "X-CSRFToken": session.csrf_token,
      },
    });
    const body = await got.json() as Partial<Problem> | null;
    const problem = body?.type?.startsWith("/loi/")
      ? { type: body.type, detail: body.detail ?? "", fields: body.fields ?? {} } : null;
    return { status: got.status, body, problem, after: retryAfter(got.headers.get("Retry-After"), Date.now()) };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
