// The minutes on a phone, with or without network: what is typed stays in this browser, and what was
// saved waits in the outbox until the server has it. Also the list of what waits, and the empty page
// that stands in for both without network.
import { Draft, fillIn, typedIn } from "./minutes/draft.ts";
import { addRow, limitsOf, verdict } from "./minutes/rows.ts";
import { newKey } from "./outbox/values.ts";
import { fill, find, findAll, localTime, textOf } from "./page.ts";
import { keepFrame } from "./parcels/frame.ts";
import { newParcel } from "./parcels/parcel.ts";
import { VisitDesk } from "./visits/desk.ts";
import { VisitList } from "./visits/list.ts";
import { added, newestOf, type Visit } from "./visits/visit.ts";

const MOST_ROWS = 20;
const UID = /\/kiem-tra\/([0-9a-f]{32})(\/buoc\/)?/;

/** Now, as a field of date and time takes it, by the clock of Việt Nam. */
function nowLocal(): string {
  return new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 16);
}

class Minutes {
  private readonly draft: Draft;
  private readonly limits = limitsOf(document.getElementById("limits"));
  private readonly notice = find("[data-draft-words]");
  private readonly state = find("[data-visit-state]");
  private desk: VisitDesk | null = null;

  constructor(private readonly form: HTMLFormElement, private readonly uid: string) {
    this.draft = new Draft(localStorage, uid);
  }

  /** `kept`: what was typed here before, unless the server has drawn the page anew after a refusal. */
  begin(kept = this.form.dataset["posted"] ? null : this.draft.read()): void {
    if (kept) {
      fillIn(this.form, kept.values);
      this.say(this.notice, "found", kept.at);
    }
    this.judge();
    this.form.addEventListener("input", () => {
      this.judge();
      this.draft.keepSoon(() => typedIn(this.form), (at) => this.say(this.notice, "kept", at));
    });
    this.form.addEventListener("submit", (event) => this.submitted(event));
    const more = find<HTMLButtonElement>("[data-add-row]", this.form);
    if (!more) return;
    more.hidden = false;
    more.addEventListener("click", () => {
      addRow(this.form);
      const rows = findAll("[data-measured-row]", this.form);
      find<HTMLInputElement>("input", rows[rows.length - 1] as HTMLElement)?.focus();
      more.hidden = rows.length >= MOST_ROWS;
    });
  }

  /** From now on saving goes through the outbox. `frame`: the page holds nothing of the file yet. */
  async connect(desk: VisitDesk, frame: boolean): Promise<void> {
    const visit = newestOf(await desk.visits(), this.uid);
    this.drop(visit);
    const file = desk.file(this.uid);
    if (frame && file) fillIn(this.form, { started_at: nowLocal(), ...file.fields, version: String(file.version) });
    const page = this.version.value;
    if (visit && visit.state !== "sent" && !this.form.dataset["posted"]) {
      fillIn(this.form, visit.fields);
      this.version.value = String(visit.version);
    }
    const later = this.draft.read();
    if (frame || (visit && later && later.at <= visit.typedAt)) {
      this.begin(later && later.at > (visit?.typedAt ?? 0) ? later : null);
    } else this.begin();
    // Who was told what others did meanwhile writes upon it.
    if (visit?.state === "refused") this.version.value = page;
    this.desk = desk;
    await this.show();
  }

  /** Says where the minutes are that were saved here. */
  async show(): Promise<void> {
    const visit = this.desk && newestOf(await this.desk.visits(), this.uid);
    if (!visit) return;
    const state = visit.state === "waiting" && visit.held ? "held" : visit.state;
    this.say(this.state, state, visit.at);
    if (this.state) {
      this.state.className = `mx-strip mx-strip--${state === "sent" ? "success" : state === "refused" ? "error" : "info"}`;
      if (visit.problem) this.state.textContent += ` ${visit.problem}`;
    }
    if (state === "refused") this.tell(visit);
    if (state === "sent" && Number(this.version.value) < visit.version) this.version.value = String(visit.version);
    this.drop(visit);
  }

  /** A draft that has arrived is none any more. */
  private drop(visit: Visit | null): void {
    if (visit?.state === "sent" && (this.draft.read()?.at ?? 0) <= visit.typedAt) this.draft.forget();
  }

  private get version(): HTMLInputElement {
    return this.form.elements.namedItem("version") as HTMLInputElement;
  }

  private judge(): void {
    for (const row of findAll("[data-measured-row]", this.form)) verdict(this.form, row, this.limits);
  }

  private say(place: HTMLElement | null, name: string, time: number): void {
    if (!place) return;
    place.hidden = false;
    place.textContent = fill(textOf(place, name), { time: localTime(time) });
  }

  private submitted(event: Event): void {
    const values = typedIn(this.form);
    const at = this.draft.keep(values);
    if (!this.desk?.account) {
      if (navigator.onLine) return;
      event.preventDefault();
      this.say(this.notice, "offline", at);
      this.notice?.scrollIntoView({ block: "center" });
      return;
    }
    event.preventDefault();
    this.clear();
    const [first] = findAll<HTMLInputElement>("[required]", this.form).filter(({ value }) => !value.trim());
    if (first) {
      this.mark(first, textOf(this.form, "lacks"));
      first.focus();
      return;
    }
    void this.save(values, at);
  }

  /** On the disk first, then on its way. */
  private async save(values: Record<string, string>, at: number): Promise<void> {
    const desk = this.desk as VisitDesk;
    const button = find<HTMLButtonElement>("button[type=submit]", this.form);
    const title = desk.file(this.uid)?.title ?? document.title;
    const visit: Visit = {
      ...newParcel(newKey(), title, desk.account, document.documentElement.lang, at),
      file: this.uid, version: Number(this.version.value), typedAt: at, fields: values, problems: {},
    };
    if (button) button.disabled = true;
    try {
      await desk.change((all) => added(all, visit));
    } catch {
      this.say(this.state, "no-room", at);
      return;
    } finally {
      if (button) button.disabled = false;
    }
    if (this.notice) this.notice.hidden = true;
    await this.show();
    desk.keepSafe();
    await desk.send(true);
    await this.settle(visit.key);
  }

  private async settle(key: string): Promise<void> {
    const desk = this.desk as VisitDesk;
    const now = (await desk.visits()).find((each) => each.key === key);
    if (now?.state === "sent") {
      this.draft.forget();
      window.location.assign(this.form.dataset["file"] ?? window.location.pathname.replace(/\/buoc\/.*/, ""));
      return;
    }
    if (now?.state === "refused") {
      await desk.renew();
      const file = desk.file(this.uid);
      if (file) this.version.value = String(file.version);
    }
    await this.show();
    this.state?.scrollIntoView({ block: "center" });
  }

  private tell(visit: Visit): void {
    this.clear();
    for (const [name, words] of Object.entries(visit.problems)) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof HTMLElement) this.mark(field, words);
    }
  }

  private mark(field: HTMLElement, words: string): void {
    const said = document.createElement("span");
    said.className = "mx-error";
    said.id = `${field.id}-said`;
    said.textContent = words;
    said.dataset["said"] = "";
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", said.id);
    field.after(said);
  }

  private clear(): void {
    for (const each of findAll("[data-said], .mx-error", this.form)) each.remove();
    for (const each of findAll("[aria-invalid]", this.form)) each.removeAttribute("aria-invalid");
  }
}

/** The empty page: the list, or the form of the file that its address names. */
function unfold(frame: HTMLElement, desk: VisitDesk, uid: string, writing: boolean): boolean {
  const file = desk.file(uid);
  const form = find("[data-visit-write]", frame), unknown = find("[data-visit-unknown]", frame);
  if (form) form.hidden = !(writing && file);
  const overview = find("[data-visit-overview]", frame);
  if (overview) overview.hidden = writing;
  if (unknown) unknown.hidden = !writing || file !== null;
  for (const place of findAll("[data-visit-title]", frame)) place.textContent = file?.title ?? "";
  for (const place of findAll("[data-visit-purpose]", frame)) place.textContent = file?.purpose ?? "";
  return writing && file !== null;
}

async function start(): Promise<void> {
  const form = find<HTMLFormElement>("form[data-minutes]");
  const root = find("[data-visits]");
  const frame = find("[data-visit-frame]");
  const [, inPath = "", writing] = UID.exec(window.location.pathname) ?? [];
  const minutes = form && new Minutes(form, form.dataset["minutes"] || inPath);
  const saved = find("[data-minutes-saved]")?.dataset["minutesSaved"];
  if (saved) new Draft(localStorage, saved).forget();
  if (!root || !window.mxOutbox) {
    minutes?.begin();
    return;
  }
  const list = new VisitList(root);
  const show = () => void list.draw(desk).then(() => minutes?.show());
  const desk = new VisitDesk(window.mxOutbox, root.dataset["visits"] ?? "", show);
  void keepFrame("visits", root.dataset["prefix"] ?? "").catch(() => undefined);
  await desk.begin(root.dataset["account"] ?? "");
  if (minutes && (!frame || unfold(frame, desk, inPath, writing !== undefined))) await minutes.connect(desk, frame !== null);
  await list.draw(desk);
  await desk.meet();
}

void start();
