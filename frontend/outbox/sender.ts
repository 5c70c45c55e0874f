// Sends what waits: first the words of every report, then photos and voice one by one. Runs in a
// page or in the service worker, in one place at a time.
import { dayOf } from "../device_token.ts";
import { solve } from "../proof.ts";
import { bodyOf } from "./body.ts";
import {
  abandoned, type Attachment, accepted, backOff, backToEarlier, begun, due, fileFailed, fileSettled,
  type Hold, type Item, missing, outlived, postponed, refusedWith, released, seemsOld, seenOn, waits,
} from "./item.ts";
import type { Store } from "./store.ts";
import { deviceToken } from "./values.ts";
import { type Answer, judgeFile, judgeReport, type Receipt, type Verdict } from "./verdict.ts";

/** Who is signed in, with the token that writes need. */
export interface Session { account: string; csrf_token: string }

export interface World {
  fetch: typeof fetch;
  now: () => number;
  /** Runs the work unless somebody else holds the name; false when somebody does. */
  alone: (name: string, work: () => Promise<void>) => Promise<boolean>;
  /** An item changed; `receipt` when it has just arrived. */
  tell: (item: Item, receipt?: Receipt) => void;
}

const API = "/api/v1";
const REPORT_MS = 60_000;
/** The slowest network that still counts as one: 2 KB a second. */
const SLOWEST = 2048;
const PAUSE = "paused-until";
const NO_FILE = "file-lost";

/** The name under which one item is edited, so that it is not sent meanwhile. */
export const editing = (id: number) => `mat-xanh-item-${id}`;
const SENDING = "mat-xanh-sending";

/** No network, or none that leads to the server. */
class Offline extends Error {}

export class Sender {
  private session: Session | null = null;

  constructor(private readonly store: Store, private readonly world: World) {}

  /**
   * Sends everything that is due; false when another page or the worker is at it. `fresh`: the
   * network has just come, so nothing waits for it.
   */
  async run(fresh = false): Promise<boolean> {
    return this.world.alone(SENDING, async () => {
      if (fresh) await this.release();
      await this.sweep();
      try {
        await this.reports();
        await this.files();
      } catch (error) {
        if (!(error instanceof Offline)) throw error;
      }
    });
  }

  /** When to come again, in milliseconds of the clock; null when nothing waits. */
  async next(): Promise<number | null> {
    const waiting = (await this.store.all()).filter((item) => due(item, Infinity));
    const times = waiting.filter((item) => item.hold !== "account").map((item) => item.notBefore);
    return times.length ? Math.min(...times) : null;
  }

  private async release(): Promise<void> {
    for (const item of await this.store.all()) {
      if (item.hold === "network") await this.change(item.id, released);
    }
  }

  /** Drafts that were left, and codes whose time the server says is over. */
  private async sweep(): Promise<void> {
    const today = dayOf(new Date(this.world.now()));
    const items = await this.store.all();
    for (const item of items.filter((each) => seenOn(each, today) !== each)) {
      const seen = await this.store.change(item.id, (old) => seenOn(old, today));
      if (seen && abandoned(seen)) await this.store.remove(item.id);
    }
    if (!items.some((item) => seemsOld(item, this.world.now()))) return;
    const serverNow = await this.serverNow();
    for (const item of items) {
      if (serverNow !== null && outlived(item, serverNow)) await this.store.remove(item.id);
    }
  }

  /** The server's clock, in milliseconds; null while nobody can tell. */
  private async serverNow(): Promise<number | null> {
    try {
      const answer = await this.ask(`${API}/session`, { credentials: "omit" }, REPORT_MS);
      return isSession(answer) ? answer.date : null;
    } catch {
      return null;
    }
  }

  private async reports(): Promise<void> {
    this.session = null;
    for (const { id } of await this.store.all()) {
      if (waits(await this.store.note<number>(PAUSE) ?? 0, this.world.now())) return;
      await this.world.alone(editing(id), () => this.report(id));
    }
  }

  private async report(id: number): Promise<void> {
    const item = await this.store.get(id);
    if (!item || !due(item, this.world.now()) || item.state === "files") return;
    const session = await this.sessionFor(item);
    if (session === undefined) {
      await this.change(id, (old) => postponed(old, "account", 0));
      return;
    }
    const frozen = await this.change(id, (old) => begun(old, bodyOf(old.fields, old.files)));
    if (frozen?.frozen) await this.outcome(frozen, await this.post(frozen, session));
  }

  /** Null for a guest's item; undefined while its account is not signed in. */
  private async sessionFor(item: Item): Promise<Session | null | undefined> {
    if (!item.account) return null;
    this.session ??= await this.whoIsIn();
    return this.session.account === item.account ? this.session : undefined;
  }

  private async whoIsIn(): Promise<Session> {
    const answer = await this.ask(`${API}/session`, { credentials: "same-origin" }, REPORT_MS);
    if (!isSession(answer)) throw new Offline();
    return { csrf_token: "", ...(answer.body as Pick<Session, "account">) };
  }

  private async post(item: Item, session: Session | null): Promise<Verdict> {
    const first = await this.attempt(item, session, null);
    if (first.kind !== "proof") return first;
    const proof = first.challenge ? await solve(first.challenge) : null;
    const second = proof === null ? null : await this.attempt(item, session, proof);
    return second === null || second.kind === "proof" ? { kind: "later", after: null } : second;
  }

  private async attempt(item: Item, session: Session | null, proof: string | null): Promise<Verdict> {
    const headers = {
      "Content-Type": "application/json", "Idempotency-Key": item.key, "Accept-Language": item.language,
      "X-Device-Token": await deviceToken(this.store, this.world.now()),
      ...(session ? { "X-CSRFToken": session.csrf_token } : {}), ...(proof ? { "X-Proof": proof } : {}),
    };
    const request: RequestInit = {
      method: "POST", headers, body: item.frozen, credentials: session ? "same-origin" : "omit",
    };
    const answer = await this.reach(item, () => this.ask(`${API}/reports`, request, REPORT_MS));
    return judgeReport(answer, this.world.now(), session !== null);
  }

  private async outcome(item: Item, verdict: Verdict): Promise<void> {
    if (verdict.kind === "accepted") {
      const { receipt } = verdict;
      const codes = { report_code: receipt.report_code, tracking_code: receipt.tracking_code };
      const stored = receipt.photos.filter((photo) => photo.state !== "wanted").map((photo) => photo.sha256);
      const at = Date.parse(receipt.received_at ?? "") || this.world.now();
      await this.change(item.id, (old) => accepted(old, codes, stored, at), receipt);
    } else if (verdict.kind === "session") {
      this.session = null;
      await this.change(item.id, (old) => postponed(old, "account", 0));
    } else if (verdict.kind === "refused") {
      await this.refuse(item, verdict);
    } else {
      await this.waitForServer(item, verdict);
    }
  }

  private async refuse(item: Item, verdict: Verdict & { kind: "refused" }): Promise<void> {
    // An earlier attempt under this key has arrived after all: its own bytes bring the receipt.
    const known = verdict.type === "/loi/key-reused" && item.earlier !== null;
    const changed = await this.change(
      item.id, (old) => (known ? backToEarlier(old) : refusedWith(old, verdict.refusal)),
    );
    if (known && changed) await this.outcome(changed, await this.post(changed, null));
  }

  private async waitForServer(item: Item, verdict: Verdict): Promise<void> {
    const after = verdict.kind === "later" ? verdict.after : null;
    const until = this.world.now() + (after ?? backOff(item.tries));
    await this.change(item.id, (old) => postponed(old, "server", until));
    // A wait the server asked for holds for every report of this phone.
    if (after !== null) await this.store.setNote(PAUSE, until);
  }

  private async files(): Promise<void> {
    for (const { id } of await this.store.all()) {
      let item = await this.store.get(id);
      while (item && item.state === "files" && due(item, this.world.now())) {
        const [file] = missing(item);
        if (!file) break;
        item = await this.file(item, file);
      }
    }
  }

  private async file(item: Item, file: Attachment): Promise<Item | undefined> {
    const bytes = await this.store.bytes(item.id, file.sha256);
    if (!bytes) return this.change(item.id, (old) => fileSettled(old, file.sha256, NO_FILE));
    const answer = await this.reach(item, () => this.put(item, file, bytes));
    const now = this.world.now();
    const verdict = judgeFile(answer, file.sha256, now);
    if (verdict.kind === "later") {
      const until = now + (verdict.after ?? backOff(item.tries + 1));
      return this.change(item.id, (old) => fileFailed(old, "server", until));
    }
    const problem = verdict.kind === "lost" ? verdict.detail || NO_FILE : undefined;
    return this.change(item.id, (old) => fileSettled(old, file.sha256, problem));
  }

  private put(item: Item, file: Attachment, bytes: ArrayBuffer): Promise<Answer> {
    const folder = file.kind === "voice" ? "voice" : "photos";
    const address = `${API}/reports/${item.codes?.report_code}/${folder}/${file.sha256}`;
    const headers = {
      "Content-Type": file.type, "X-Tracking-Code": item.codes?.tracking_code ?? "",
      "Accept-Language": item.language,
    };
    const request: RequestInit = { method: "PUT", headers, body: bytes, credentials: "omit" };
    return this.ask(address, request, REPORT_MS + (file.size / SLOWEST) * 1000);
  }

  /** An answer, or a note on the item that the network failed it. */
  private async reach(item: Item, asking: () => Promise<Answer>): Promise<Answer> {
    try {
      return await asking();
    } catch (error) {
      if (error instanceof Offline) {
        const hold: Hold = "network";
        const until = this.world.now() + backOff(Math.max(1, item.tries));
        await this.change(item.id, (old) => (
          old.state === "files" ? fileFailed(old, hold, until) : postponed(old, hold, until)
        ));
      }
      throw error;
    }
  }

  private async ask(address: string, request: RequestInit, limit: number): Promise<Answer> {
    const gaveUp = new AbortController();
    const timer = setTimeout(() => gaveUp.abort(), limit);
    try {
      const answer = await this.world.fetch(address, {
        ...request, cache: "no-store", redirect: "error", signal: gaveUp.signal,
      });
      const text = await answer.text();
      return {
        status: answer.status, type: answer.headers.get("Content-Type") ?? "",
        retryAfter: answer.headers.get("Retry-After"), body: parsed(text),
        date: Date.parse(answer.headers.get("Date") ?? "") || null,
      };
    } catch {
      throw new Offline();
    } finally {
      clearTimeout(timer);
    }
  }

  private async change(
    id: number, to: (item: Item) => Item, receipt?: Receipt,
  ): Promise<Item | undefined> {
    const changed = await this.store.change(id, to);
    if (changed) this.world.tell(changed, receipt);
    return changed;
  }
}

/** Surely our own answer: a sign-in page of somebody else answers 200 as well. */
function isSession(answer: Answer): boolean {
  return answer.status === 200 && typeof (answer.body as Partial<Session> | null)?.account === "string";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
