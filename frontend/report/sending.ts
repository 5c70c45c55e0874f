// "Gửi phản ánh": the report goes into the phone's outbox first and from there to the server, also
// with a network. What is being written is kept as a draft; what becomes of it is shown in place of
// the form.
import { hold } from "../outbox/alone.ts";
import type { News, Outbox } from "../outbox/engine.ts";
import { editable, type Fields, type Item, newItem, submitted } from "../outbox/item.ts";
import { editing } from "../outbox/sender.ts";
import { StoreFull } from "../outbox/store.ts";
import { newKey } from "../outbox/values.ts";
import { find, textOf } from "../page.ts";
import { accountOf } from "./account.ts";
import { Arrival } from "./arrival.ts";
import { attached } from "./attachments.ts";
import { readFields, writeFields } from "./fields.ts";
import { BRING_EVENT, photosReady, rememberFacts } from "./photos.ts";
import { PHOTOS_EVENT, PLACED_EVENT } from "./place.ts";
import { tellRefusal } from "./refusal.ts";
import { VOICE_EVENT, type VoiceRecorder } from "./voice.ts";

const DRAFT_MS = 1_000;
/** What a person has to do before there is anything worth keeping. */
const WORDS = ["description", "place_note", "category", "unit", "lon", "contact_name", "contact_phone", "contact_email"];

class Sending {
  private item: Item | null = null;
  private busy = false;
  /** Set when the phone has no room: the form goes as any form does. */
  private bypass = false;
  /** Lets others send what is open here. */
  private release: (() => void) | null = null;
  private timer = 0;
  /** Ends when what is kept of this form is known, and later when what was typed is. */
  private saving: Promise<void> = Promise.resolve();
  private readonly panel = find("[data-sending]");
  private readonly photos = find<HTMLInputElement>("[data-photo-input]", this.form);
  private readonly arrival = new Arrival(this.form, this.outbox.store);

  constructor(
    private readonly outbox: Outbox, private readonly form: HTMLFormElement,
    private readonly voice: VoiceRecorder | null,
  ) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || this.bypass) return;
      event.preventDefault();
      if (!this.busy) void this.submit();
    });
    for (const name of ["input", "change", PHOTOS_EVENT, PLACED_EVENT, VOICE_EVENT]) {
      form.addEventListener(name, () => this.draftLater());
    }
    outbox.listen((news) => this.hear(news));
  }

  /** Nothing is saved or sent before: it could not be told from another report. */
  begin(opening: Promise<void>): void {
    this.saving = opening.catch(() => undefined);
  }

  /** Opens a report that waits or was refused, when nobody else has it open. */
  async open(id: number): Promise<boolean> {
    this.release = await hold(editing(id));
    // Read only now: it may have been sent while we waited for it.
    const item = this.release ? await this.outbox.store.get(id) : undefined;
    if (!item || !editable(item)) {
      this.release?.();
      this.release = null;
      return false;
    }
    this.item = item;
    writeFields(this.form, item.fields);
    await this.bringFiles(item);
    if (item.refusal) this.refused(item);
    return true;
  }

  /** Goes on with what was being written when the page or the browser ended. */
  async resume(): Promise<void> {
    const account = await accountOf(this.form, this.outbox.store);
    const drafts = (await this.outbox.store.all())
      .filter((item) => item.state === "draft" && item.account === account);
    for (const draft of drafts.reverse()) {
      if (!(await this.open(draft.id))) continue;
      const note = find("[data-draft-note]", this.form);
      if (note) note.hidden = false;
      find("[data-draft-drop]", this.form)?.addEventListener("click", () => void this.drop(draft.id));
      return;
    }
  }

  /** What the phone kept of the very form that the server has just refused. */
  async adopt(): Promise<void> {
    const key = find<HTMLInputElement>("input[name=idempotency_key]", this.form)?.value;
    const item = key ? await this.outbox.store.byKey(key) : undefined;
    if (!item || !editable(item)) return;
    this.release = await hold(editing(item.id));
    if (this.release) this.item = item;
  }

  private async drop(id: number): Promise<void> {
    window.clearTimeout(this.timer);
    this.busy = true;
    await this.outbox.store.remove(id);
    location.reload();
  }

  private async bringFiles(item: Item): Promise<void> {
    const photos: File[] = [];
    for (const file of item.files) {
      const bytes = await this.outbox.store.bytes(item.id, file.sha256);
      if (!bytes) continue;
      if (file.kind === "voice") {
        this.voice?.keep({ blob: new Blob([bytes], { type: file.type }), type: file.type, seconds: file.seconds ?? 1 });
        continue;
      }
      const photo = new File([bytes], file.sha256, { type: file.type, lastModified: item.at });
      rememberFacts(photo, { place: null, taken: file.taken_at ?? null, orientation: 1 });
      photos.push(photo);
    }
    if (photos.length) this.form.dispatchEvent(new CustomEvent(BRING_EVENT, { detail: photos }));
  }

  private draftLater(): void {
    if (this.busy) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.saving = this.saving.then(() => this.saveDraft()).catch(() => undefined);
    }, DRAFT_MS);
  }

  private async saveDraft(): Promise<void> {
    const fields = readFields(this.form);
    if (this.busy || !this.worthKeeping(fields)) return;
    const { files, added } = await attached(this.chosen(), this.voice?.note ?? null);
    const { id } = await this.ownItem();
    const item = await this.outbox.store.change(id, (old) => (
      old.state === "draft" || old.state === "refused" ? { ...old, fields, files, at: Date.now(), days: [] } : old
    ), added);
    if (item) this.item = item;
  }

  private worthKeeping(fields: Fields): boolean {
    return this.item !== null || this.chosen().length > 0 || Boolean(this.voice?.note) || WORDS.some((name) => fields[name]);
  }

  private chosen(): File[] {
    return Array.from(this.photos?.files ?? []);
  }

  /** The item of this form, made and held at its first need. */
  private async ownItem(): Promise<Item> {
    if (this.item) return this.item;
    const account = await accountOf(this.form, this.outbox.store);
    this.item = await this.outbox.store.add(
      newItem(newKey(), Date.now(), account, document.documentElement.lang),
    );
    this.release = await hold(editing(this.item.id));
    return this.item;
  }

  private async submit(): Promise<void> {
    this.busy = true;
    window.clearTimeout(this.timer);
    try {
      const item = await this.keep();
      this.release?.();
      this.show("sending");
      void this.outbox.keepSafe();
      await this.outbox.send(true);
      await this.look(item.id);
    } catch (error) {
      if (!(error instanceof StoreFull)) console.error(error);
      this.withoutStore();
    } finally {
      this.busy = false;
    }
  }

  private async keep(): Promise<Item> {
    await this.saving;
    await photosReady();
    const note = (await this.voice?.finished()) ?? null;
    const { files, added } = await attached(this.chosen(), note);
    const { id } = await this.ownItem();
    const fields = readFields(this.form);
    const item = await this.outbox.store.change(id, (old) => submitted(old, fields, files, Date.now()), added);
    if (!item) throw new Error("the report left the store");
    this.item = item;
    this.outbox.tell({ item });
    return item;
  }

  /** Where sending stopped before it came to this one, there is no network for it either. */
  private async look(id: number): Promise<void> {
    const item = await this.outbox.store.get(id);
    if (item?.state === "waiting") this.show(item.hold ?? "network");
  }

  /** No room in the phone: with a network the form still goes by itself, without one it stays open. */
  private withoutStore(): void {
    this.showPanel(false);
    const key = find<HTMLInputElement>("input[name=idempotency_key]", this.form);
    // The plain form takes no voice note: nothing said may get lost without a word.
    if (navigator.onLine && find("input[name=csrf_token]", this.form) && !this.voice?.note) {
      // Under one key the server never makes two of it.
      if (key && this.item) key.value = this.item.key;
      this.bypass = true;
      this.form.requestSubmit();
      return;
    }
    tellRefusal(this.form, textOf(this.form, "full"), {});
  }

  private hear({ item, receipt }: News): void {
    if (!item || item.id !== this.item?.id || item.state === "draft") return;
    this.item = item;
    if (item.state === "refused") this.refused(item);
    else if (item.codes) this.arrival.show(item, receipt);
    else this.show(item.hold ?? "sending");
  }

  private show(what: string): void {
    if (!this.panel) return;
    this.showPanel(true);
    const words = find("[data-sending-words]", this.panel);
    const said = textOf(this.panel, what);
    if (!words || words.textContent === said) return;
    words.textContent = said;
    find("[data-sending-title]", this.panel)?.focus();
  }

  /** The panel stands alone: form, title and advice around it give way. */
  private showPanel(shown: boolean): void {
    for (const each of Array.from(this.panel?.parentElement?.children ?? [])) {
      (each as HTMLElement).hidden = (each === this.panel) !== shown;
    }
  }

  private refused(item: Item): void {
    this.showPanel(false);
    tellRefusal(this.form, item.refusal?.detail ?? "", item.refusal?.fields ?? {});
  }
}

/** Sends by the outbox where the browser has one; `#sua-<number>` opens a report that waits in it. */
export function offerSending(form: HTMLFormElement, voice: VoiceRecorder | null): void {
  const outbox = window.mxOutbox;
  // Photos that the server kept of a refused form belong to that form.
  if (!outbox || find("input[name=kept_photo]", form)) return;
  const sending = new Sending(outbox, form, voice);
  const asked = /^#sua-(\d+)$/.exec(location.hash);
  // The server's answer holds what was typed last; an older draft must not be written over it.
  const answered = "answered" in form.dataset;
  if (asked) void openAsked(sending, Number(asked[1]));
  else sending.begin(answered ? sending.adopt() : sending.resume());
}

/** What is being sent just now, or went, is shown where it can be followed. */
async function openAsked(sending: Sending, id: number): Promise<void> {
  if (await sending.open(id)) return;
  location.replace(find<HTMLAnchorElement>("[data-outbox-strip] a")?.href ?? "/phan-anh-cho-gui");
}
