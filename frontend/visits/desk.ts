// What pages of inspections share: the files in this phone, and the minutes on their way from it.
import type { Outbox } from "../outbox/engine.ts";
import { changeParcels, keptParcels } from "../parcels/notes.ts";
import { sendParcels, whoIsIn } from "../parcels/sender.ts";
import { forgetFiles, keepFiles, keptFiles } from "./notes.ts";
import { VISITS } from "./route.ts";
import type { Visit, VisitFile, VisitFiles } from "./visit.ts";

const AGAIN_MS = 15_000;

export class VisitDesk {
  /** Empty where nobody knows. */
  account = "";
  private kept: VisitFiles | null = null;
  private timer = 0;

  constructor(private readonly outbox: Outbox, private readonly address: string, private readonly changed: () => void) {
    window.addEventListener("online", () => void this.meet());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.meet();
    });
  }

  /** `account`: of the page as the server made it; empty for the page without network. */
  async begin(account: string): Promise<void> {
    this.account = account;
    this.kept = await keptFiles(this.outbox.store, Date.now());
    if (account && this.kept && this.kept.account !== account) await this.forget();
    this.account ||= this.kept?.account ?? "";
  }

  get at(): number { return this.kept?.at ?? 0; }
  get files(): VisitFile[] { return this.kept?.files ?? []; }

  file(uid: string): VisitFile | null {
    return this.files.find((each) => each.uid === uid) ?? null;
  }

  /** The minutes of this account; of everybody's before an account is known. */
  async visits(): Promise<Visit[]> {
    const all = await keptParcels<Visit>(this.outbox.store, VISITS.note);
    return all.filter(({ account }) => !this.account || account === this.account);
  }

  async change(to: (visits: Visit[]) => Visit[]): Promise<void> {
    await changeParcels(this.outbox.store, VISITS.note, to, Date.now());
  }

  keepSafe(): void {
    void this.outbox.keepSafe();
  }

  /** With a network: what waits goes out, and what is new comes in. */
  async meet(): Promise<void> {
    await this.send(true);
    await this.renew();
    this.changed();
  }

  async send(atOnce: boolean): Promise<void> {
    window.clearTimeout(this.timer);
    const more = await sendParcels(VISITS, this.outbox.store, window.fetch.bind(window), atOnce).catch(() => true);
    if (more) this.timer = window.setTimeout(() => void this.send(false).then(this.changed), AGAIN_MS);
  }

  async renew(): Promise<void> {
    const session = await whoIsIn(window.fetch.bind(window));
    if (session && session.account !== this.account) await this.forget();
    if (!session?.account) return;
    try {
      const answer = await fetch(this.address, {
        headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store", redirect: "error",
      });
      const body = await answer.json() as Partial<VisitFiles>;
      if (answer.ok && typeof body.account === "string" && Array.isArray(body.files)) {
        this.account = body.account;
        this.kept = { account: body.account, files: body.files, at: Date.now() };
        await keepFiles(this.outbox.store, this.kept);
      }
    } catch {
      // No network: what is kept stays.
    }
  }

  /** Nobody is signed in any more, or somebody else. */
  private async forget(): Promise<void> {
    this.kept = null;
    await forgetFiles(this.outbox.store);
  }
}
