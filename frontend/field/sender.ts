// Sends answers that wait, one after the other, in one place at a time: a page or the service worker.
import { alone } from "../outbox/alone.ts";
import type { Store } from "../outbox/store.ts";
import { retryAfter } from "../outbox/verdict.ts";
import { type Answer, arrived, due, postponed, refused } from "./answer.ts";
import { changeAnswers, keptAnswers } from "./notes.ts";

interface Session { account: string; csrf_token: string }
interface Told { status: number; ours: boolean; type: string; detail: string; after: number | null }

const SENDING = "mat-xanh-field-sending";
const LIMIT_MS = 180_000;
const TEMPORARY = new Set([400, 401, 408, 423, 425, 429]);

/** Sends what is due; `at_once` also what waits for its turn. True when something is still to go. */
export async function sendAnswers(store: Store, ask: typeof fetch, atOnce: boolean): Promise<boolean> {
  await alone(SENDING, async () => {
    const now = Date.now();
    const ready = (await keptAnswers(store)).filter((each) => (atOnce ? each.state === "waiting" : due(each, now)));
    if (ready.length === 0) return;
    const session = await whoIsIn(ask);
    for (const answer of ready) {
      if (session) await change(store, await attempt(answer, session, ask));
    }
  });
  return (await keptAnswers(store)).some((each) => each.state === "waiting" && !each.held);
}

async function change(store: Store, answer: Answer): Promise<void> {
  await changeAnswers(
    store, (all) => all.map((each) => (each.key === answer.key ? answer : each)), Date.now(),
  );
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

async function attempt(answer: Answer, session: Session, ask: typeof fetch): Promise<Answer> {
  if (session.account !== answer.account) return { ...answer, held: true };
  const told = await post(answer, session, ask);
  const now = Date.now();
  if (!told?.ours || told.status >= 500 || TEMPORARY.has(told.status) || told.type.endsWith("/busy")) {
    return postponed(answer, told?.after ?? null, now);
  }
  return told.status === 200 ? arrived(answer, now) : refused(answer, told.detail);
}

async function post(answer: Answer, session: Session, ask: typeof fetch): Promise<Told | null> {
  const gaveUp = new AbortController();
  const timer = setTimeout(() => gaveUp.abort(), LIMIT_MS);
  try {
    const got = await ask(`/can-bo/nhiem-vu/xem/${answer.task}/tra-loi`, {
      method: "POST", body: bodyOf(answer), credentials: "same-origin", cache: "no-store",
      redirect: "error", signal: gaveUp.signal,
      headers: {
        Accept: "application/json", "Accept-Language": answer.language,
        "Idempotency-Key": answer.key, "X-CSRFToken": session.csrf_token,
      },
    });
    return told(got, await got.json());
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function bodyOf(answer: Answer): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(answer.fields)) body.append(name, value);
  for (const photo of answer.photos) {
    body.append("photos", new Blob([photo.bytes], { type: photo.type }), photo.name);
  }
  return body;
}

/** Only what is surely the server's own is believed: a carrier's sign-in page answers 200 too. */
function told(got: Response, body: unknown): Told {
  const words = body as { state?: string; type?: string; detail?: string; fields?: Record<string, string> } | null;
  const type = words?.type ?? "";
  const ours = got.status === 200 ? words?.state === "done" : type.startsWith("/loi/");
  const detail = [words?.detail ?? "", ...Object.values(words?.fields ?? {})].join(" ");
  return { status: got.status, ours, type, detail, after: retryAfter(got.headers.get("Retry-After"), Date.now()) };
}
