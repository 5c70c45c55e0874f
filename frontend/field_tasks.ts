// The tasks of a group member, with or without network: the list in the order of a walk, an answer
// to each, and what of it still waits in this phone.
import {
  type Answer, metresTo, missing, type Photo, type Place, type Task, type Tasks, walked,
} from "./field/answer.ts";
import { forgetTasks, keepTasks, keptTasks } from "./field/notes.ts";
import { ANSWERS } from "./field/route.ts";
import type { Outbox } from "./outbox/engine.ts";
import { newKey } from "./outbox/values.ts";
import { fill, find, findAll, localTime, revealScripted, textOf } from "./page.ts";
import { keepFrame } from "./parcels/frame.ts";
import { changeParcels, keptParcels } from "./parcels/notes.ts";
import { newParcel } from "./parcels/parcel.ts";
import { sendParcels, whoIsIn } from "./parcels/sender.ts";
import { factsOfPhoto } from "./report/exif.ts";
import { shrunk } from "./report/shrink.ts";

const LISTEN_MS = 20_000;
const GOOD_M = 15;
const AGAIN_MS = 15_000;

interface Fix extends Place { accuracy: number }

/** The best of what the phone says for some seconds. */
function locate(better: (fix: Fix) => void, failed: () => void): void {
  if (!("geolocation" in navigator)) return failed();
  let best = Infinity;
  const stop = () => navigator.geolocation.clearWatch(watch);
  const watch = navigator.geolocation.watchPosition(({ coords }) => {
    if (coords.accuracy >= best) return;
    best = coords.accuracy;
    better({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy });
    if (best <= GOOD_M) stop();
  }, () => {
    if (best === Infinity) failed();
  }, { enableHighAccuracy: true, timeout: LISTEN_MS, maximumAge: 0 });
  window.setTimeout(stop, LISTEN_MS);
}

async function asPhoto(file: File): Promise<Photo> {
  const small = await shrunk(file, await factsOfPhoto(file));
  return { name: small.name, type: small.type || "image/jpeg", bytes: await small.arrayBuffer() };
}

class FieldPage {
  private readonly list = find("[data-field-list]", this.root) as HTMLElement;
  private readonly rows = find("[data-field-answers]", this.root) as HTMLElement;
  private readonly status = find("[data-field-status]", this.root) as HTMLElement;
  private kept: Tasks | null = null;
  private start: Place | null = null;
  private timer = 0;
  /** What the list shows. */
  private shown = "";

  constructor(private readonly outbox: Outbox, private readonly root: HTMLElement) {
    window.addEventListener("online", () => void this.meet());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.meet();
    });
    find("[data-field-walk]", root)?.addEventListener("click", () => this.walkFromHere());
  }

  async begin(): Promise<void> {
    this.kept = await keptTasks(this.outbox.store, Date.now());
    await this.draw();
    revealScripted(this.root);
    for (const plain of findAll("[data-field-plain]")) plain.hidden = true;
    await this.meet();
  }

  /** With a network: what waits goes out, and what is new comes in. */
  private async meet(): Promise<void> {
    await this.send(true);
    await this.renew();
    await this.draw();
  }

  /** Says whether something still waits. */
  private async send(atOnce: boolean): Promise<boolean> {
    window.clearTimeout(this.timer);
    const more = await sendParcels(ANSWERS, this.outbox.store, window.fetch.bind(window), atOnce).catch(() => true);
    if (more) this.timer = window.setTimeout(() => void this.again(), AGAIN_MS);
    return more;
  }

  /** What has gone meanwhile, from here or by the worker, is no task in this phone any more. */
  private async again(): Promise<void> {
    if (!(await this.send(false))) await this.renew();
    await this.draw();
  }

  private async renew(): Promise<void> {
    const session = await whoIsIn(window.fetch.bind(window));
    if (session && session.account !== this.kept?.account) await this.forget();
    if (!session?.account) return;
    try {
      const answer = await fetch(this.root.dataset["tasks"] ?? "", {
        headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store", redirect: "error",
      });
      const body = await answer.json() as Partial<Tasks>;
      if (answer.ok && typeof body.account === "string" && Array.isArray(body.tasks)) {
        this.kept = { account: body.account, tasks: body.tasks, at: Date.now() };
        await keepTasks(this.outbox.store, this.kept);
      }
    } catch {
      // No network: what is kept stays on the page.
    }
  }

  /** Nobody is signed in any more, or somebody else. */
  private async forget(): Promise<void> {
    this.kept = null;
    await forgetTasks(this.outbox.store);
  }

  private walkFromHere(): void {
    locate((fix) => {
      this.start = fix;
      void this.draw();
    }, () => { this.status.textContent = textOf(this.root, "no-place"); });
  }

  private async draw(): Promise<void> {
    const account = this.kept?.account;
    const answers = (await keptParcels<Answer>(this.outbox.store, ANSWERS.note))
      .filter((answer) => account === undefined || answer.account === account);
    this.rows.textContent = "";
    for (const answer of answers) this.rows.append(this.row(answer));
    // What somebody is writing in is left alone.
    if (find("details[open]", this.list)) return;
    const answered = new Set(answers.filter(({ state }) => state !== "refused").map(({ task }) => task));
    const open = (this.kept?.tasks ?? []).filter(({ id }) => !answered.has(id));
    const ordered = this.start ? walked(open, this.start) : open;
    // A list that says the same stays: a finger may be on it just now.
    const shown = JSON.stringify([ordered, this.start]);
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.textContent = "";
      ordered.forEach((task, index) => this.list.append(this.card(task, index + 1)));
    }
    const when = this.kept ? localTime(this.kept.at) : "";
    this.status.textContent = this.kept
      ? fill(textOf(this.root, ordered.length ? "kept" : "none"), { when, count: ordered.length })
      : textOf(this.root, "unknown");
  }

  private row(answer: Answer): Node {
    const row = this.copy("template[data-field-answer]");
    const state = answer.state === "waiting" && answer.held ? "held" : answer.state;
    const words = fill(textOf(this.root, `state-${state}`), { when: localTime(answer.at) });
    this.say(row, { title: answer.title, state: words, problem: answer.problem, note: answer.problem && (answer.fields["note"] ?? "") });
    const drop = find<HTMLButtonElement>("[data-answer-drop]", row);
    if (drop) {
      drop.hidden = answer.state === "waiting";
      drop.addEventListener("click", () => {
        void this.change((all) => all.filter(({ key }) => key !== answer.key)).then(() => this.draw());
      });
    }
    return row;
  }

  private card(task: Task, number: number): Node {
    const card = this.copy("template[data-field-task]");
    const metres = this.start && metresTo(task, this.start);
    this.say(card, {
      number: `${number}.`, category: task.category, place: task.place, due: task.due, question: task.question,
      away: metres === null ? "" : fill(textOf(this.root, "away"), { metres: Math.max(50, Math.round(metres / 50) * 50) }),
      rough: task.lon !== null && !task.exact ? textOf(this.root, "rough") : "",
    });
    const chip = find("[data-task-late]", card);
    if (chip) chip.hidden = !(task.due_on < new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10));
    const link = find<HTMLAnchorElement>("[data-task-point]", card);
    if (link && task.lon !== null) {
      link.href = `geo:${task.lat},${task.lon}`;
      link.textContent = `${task.lat}, ${task.lon}`;
      link.hidden = false;
    }
    const form = find<HTMLFormElement>("form", card) as HTMLFormElement;
    for (const radio of findAll<HTMLInputElement>("input[type=radio]", form)) {
      radio.id += `-${task.id}`;
      radio.parentElement?.setAttribute("for", radio.id);
    }
    form.closest("details")?.addEventListener("toggle", (event) => {
      if ((event.target as HTMLDetailsElement).open && !form.dataset["lon"]) this.place(form);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.answer(form, task);
    });
    find("[data-field-locate]", form)?.addEventListener("click", () => this.place(form));
    return card;
  }

  private place(form: HTMLFormElement): void {
    const status = find("[data-field-place]", form) as HTMLElement;
    status.textContent = textOf(this.root, "locating");
    locate((fix) => {
      form.dataset["lon"] = String(fix.lon);
      form.dataset["lat"] = String(fix.lat);
      form.dataset["accuracy"] = String(Math.round(fix.accuracy));
      status.textContent = fill(textOf(this.root, "located"), { metres: Math.round(fix.accuracy) });
    }, () => { status.textContent = textOf(this.root, "no-place"); });
  }

  /** On the disk first, then on its way. */
  private async answer(form: HTMLFormElement, task: Task): Promise<void> {
    const told = new FormData(form);
    const files = told.getAll("photos").filter((each): each is File => each instanceof File && each.size > 0);
    const fields: Record<string, string> = { visited_at: new Date().toISOString() };
    for (const name of ["finding", "note", "no_photo_reason"]) fields[name] = String(told.get(name) ?? "").trim();
    const { lon, lat, accuracy } = form.dataset;
    if (lon && lat) Object.assign(fields, { lon, lat, accuracy_m: accuracy ?? "" });
    const lacks = missing(fields, files.length);
    const problem = find("[data-field-problem]", form) as HTMLElement;
    problem.textContent = lacks ? textOf(this.root, `lacks-${lacks}`) : "";
    problem.hidden = !lacks;
    if (lacks) return problem.focus();
    const button = find<HTMLButtonElement>("button[type=submit]", form);
    if (button) button.disabled = true;
    try {
      const photos: Photo[] = [];
      for (const file of files.slice(0, 3)) photos.push(await asPhoto(file));
      const answer: Answer = {
        ...newParcel(
          newKey(), `${task.category}, ${task.place}`, this.kept?.account ?? "", document.documentElement.lang, Date.now(),
        ),
        task: task.id, fields, photos,
      };
      await this.change((all) => [...all.filter((each) => each.task !== task.id || each.state === "sent"), answer]);
    } catch {
      // The phone has no room: nothing is lost from the form.
      if (button) button.disabled = false;
      problem.textContent = textOf(this.root, "no-room");
      problem.hidden = false;
      return;
    }
    form.closest("details")?.removeAttribute("open");
    await this.draw();
    this.rows.focus();
    void this.outbox.keepSafe();
    await this.send(true);
    await this.draw();
  }

  private async change(to: (answers: Answer[]) => Answer[]): Promise<void> {
    await changeParcels(this.outbox.store, ANSWERS.note, to, Date.now());
  }

  private copy(selector: string): DocumentFragment {
    return (find<HTMLTemplateElement>(selector, this.root) as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment;
  }

  private say(row: DocumentFragment, words: Record<string, string>): void {
    for (const [name, value] of Object.entries(words)) {
      for (const target of findAll(`[data-say-${name}]`, row as unknown as Element)) {
        target.textContent = value;
        target.hidden = value === "";
      }
    }
  }
}

const root = find("[data-field]");
const check = find("[data-field-check]");
if (root && window.mxOutbox) {
  void new FieldPage(window.mxOutbox, root).begin();
  void keepFrame("tasks", root.dataset["prefix"] ?? "").catch(() => undefined);
} else if (check && window.mxOutbox) {
  // With script the list itself takes the answer, and keeps it while there is no network.
  window.location.replace(check.dataset["fieldCheck"] ?? "");
}
