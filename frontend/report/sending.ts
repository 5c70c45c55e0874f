// "Gửi phản ánh": the report goes into the phone's outbox first and from there to the server, also
// with a network. What becomes of it is shown in place of the form.
import { formName } from "../outbox/body.ts";
import { hold } from "../outbox/alone.ts";
import type { News, Outbox } from "../outbox/engine.ts";
import { type Attachment, editable, type Item, newItem, submitted } from "../outbox/item.ts";
import { newKey, sha256 } from "../outbox/values.ts";
import { showCode } from "../outbox/receipt.ts";
import { editing } from "../outbox/sender.ts";
import { type Bytes, StoreFull } from "../outbox/store.ts";
import type { Receipt } from "../outbox/verdict.ts";
import { fill, find, findAll, html, localTime, svg, textOf } from "../page.ts";
import { readFields, writeFields } from "./fields.ts";
import { BRING_EVENT, factsOf, photosReady, rememberFacts } from "./photos.ts";
import { REFUSED_EVENT } from "./steps.ts";

interface Kept { item: Item; files: Attachment[]; added: Bytes[] }

/** The files of the form with their hashes; `added` are the bytes. */
export async function attachmentsOf(photos: File[]): Promise<{ files: Attachment[]; added: Bytes[] }> {
  const files: Attachment[] = [], added: Bytes[] = [];
  for (const photo of photos) {
    const bytes = await photo.arrayBuffer();
    const name = await sha256(bytes);
    if (files.some((file) => file.sha256 === name)) continue;
    const { taken } = await factsOf(photo);
    files.push({
      kind: "photo", sha256: name, size: bytes.byteLength, type: photo.type || "image/jpeg", done: false,
      ...(taken ? { taken_at: taken } : {}),
    });
    added.push({ sha256: name, bytes });
  }
  return { files, added };
}

export class Sending {
  private item: Item | null = null;
  private busy = false;
  /** Lets others send what is open here. */
  private release: (() => void) | null = null;
  private readonly panel = find("[data-sending]");
  private readonly photos = find<HTMLInputElement>("[data-photo-input]", this.form);

  constructor(private readonly outbox: Outbox, private readonly form: HTMLFormElement) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented || this.bypass) return;
      event.preventDefault();
      if (!this.busy) void this.submit();
    });
    outbox.listen((news) => this.hear(news));
  }

  /** Set when the phone has no room: the form goes as any form does. */
  private bypass = false;

  /** Opens a report that waits or was refused, when nobody else has it open. */
  async open(id: number): Promise<void> {
    const item = await this.outbox.store.get(id);
    this.release = item && editable(item) ? await hold(editing(id)) : null;
    if (!item || !this.release) return;
    this.item = item;
    writeFields(this.form, item.fields);
    await this.bringPhotos(item);
    if (item.refusal) this.refused(item);
  }

  private async bringPhotos(item: Item): Promise<void> {
    const photos: File[] = [];
    for (const file of item.files.filter((each) => each.kind === "photo")) {
      const bytes = await this.outbox.store.bytes(item.id, file.sha256);
      if (!bytes) continue;
      const photo = new File([bytes], file.sha256, { type: file.type, lastModified: item.at });
      rememberFacts(photo, { place: null, taken: file.taken_at ?? null, orientation: 1 });
      photos.push(photo);
    }
    this.form.dispatchEvent(new CustomEvent(BRING_EVENT, { detail: photos }));
  }

  private async submit(): Promise<void> {
    this.busy = true;
    try {
      const kept = await this.keep();
      this.item = kept.item;
      this.release?.();
      this.show("sending");
      void this.outbox.keepSafe();
      await this.outbox.send(true);
      await this.look(kept.item.id);
    } catch (error) {
      if (!(error instanceof StoreFull)) console.error(error);
      this.withoutStore();
    } finally {
      this.busy = false;
    }
  }

  /** Where sending stopped before it came to this one, there is no network for it either. */
  private async look(id: number): Promise<void> {
    const item = await this.outbox.store.get(id);
    if (item?.state === "waiting") this.show(item.hold ?? "network");
  }

  private async keep(): Promise<Kept> {
    await photosReady();
    const { files, added } = await attachmentsOf(Array.from(this.photos?.files ?? []));
    const { store } = this.outbox;
    const now = Date.now();
    this.item ??= await store.add(newItem(
      newKey(), now, this.form.dataset["account"] ?? "", document.documentElement.lang,
    ));
    const fields = readFields(this.form);
    const item = await store.change(this.item.id, (old) => submitted(old, fields, files, now), added);
    if (!item) throw new Error("the report left the store");
    this.outbox.tell({ item });
    return { item, files, added };
  }

  /** No room in the phone: with a network the form still goes by itself, without one it stays open. */
  private withoutStore(): void {
    this.hide();
    if (navigator.onLine && find("input[name=csrf_token]", this.form)) {
      this.bypass = true;
      this.form.requestSubmit();
      return;
    }
    this.complain(textOf(this.form, "full"), {});
  }

  private hear({ item, receipt }: News): void {
    if (!item || item.id !== this.item?.id) return;
    this.item = item;
    if (item.state === "refused") this.refused(item);
    else if (item.codes) this.arrived(item, receipt);
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

  private hide(): void {
    this.showPanel(false);
  }

  /** The panel stands alone: form, title and advice around it give way. */
  private showPanel(shown: boolean): void {
    for (const each of Array.from(this.panel?.parentElement?.children ?? [])) {
      (each as HTMLElement).hidden = (each === this.panel) !== shown;
    }
  }

  private refused(item: Item): void {
    this.hide();
    this.complain(item.refusal?.detail ?? "", item.refusal?.fields ?? {});
  }

  /** Says what is wrong on top and by each field, as the server's own page does. */
  private complain(detail: string, fields: Record<string, string>): void {
    for (const old of findAll("[data-told]", this.form)) old.remove();
    const lines: HTMLElement[] = [];
    for (const [name, words] of Object.entries(fields)) {
      const target = this.place(formName(name), words);
      const line = html("li", "", [words]);
      if (target) line.replaceChild(link(`#${target.id}`, words), line.firstChild as Node);
      lines.push(line);
    }
    if (lines.length === 0) lines.push(html("li", "", [detail]));
    const box = html("div", "mx-errors", [
      html("h2", "", [textOf(this.form, "mend")]), html("ul", "", lines),
    ]);
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.dataset["told"] = "";
    this.form.prepend(box);
    this.form.dispatchEvent(new CustomEvent(REFUSED_EVENT));
    box.focus();
  }

  private place(name: string, words: string): HTMLElement | null {
    const field = find(`[name="${CSS.escape(name)}"]`, this.form);
    const home = field?.closest<HTMLElement>(".mx-field") ?? field?.parentElement;
    if (!field || !home) return null;
    const use = svg("use", { href: `${this.form.dataset["icons"] ?? ""}#warning` });
    const told = html("span", "mx-error", [svg("svg", { class: "mx-icon", "aria-hidden": "true" }, [use]), ` ${words}`]);
    told.dataset["told"] = "";
    const details = field.closest("details");
    if (details) details.open = true;
    home.append(told);
    if (!field.id) field.id = `field-${name}`;
    return field;
  }

  private shown = false;

  private arrived(item: Item, receipt?: Receipt): void {
    const template = find<HTMLTemplateElement>("template[data-receipt-template]");
    const main = find("main");
    if (!template || !main || !item.codes) return;
    if (!this.shown) {
      this.shown = true;
      const safety = this.safety();
      const category = this.category();
      main.textContent = "";
      main.append(template.content.cloneNode(true));
      if (safety) find("[data-receipt-safety]", main)?.append(safety);
      this.fillReceipt(main, item, category, receipt);
      // Back leads to an empty form, not to the screens of the one that went.
      history.replaceState(null, "", location.pathname);
      window.scrollTo(0, 0);
      find("h1", main)?.focus();
    }
    this.tellFiles(main, item);
  }

  private fillReceipt(main: HTMLElement, item: Item, category: string, receipt?: Receipt): void {
    const { report_code, tracking_code } = item.codes ?? { report_code: "", tracking_code: null };
    const values: Record<string, string> = {
      next: receipt?.next_step ?? "", unit: receipt?.unit?.name ?? "", category,
      received: receipt?.received_at ? localTime(receipt.received_at) : "", report: report_code,
      photos: String(item.files.filter((file) => file.kind === "photo").length),
    };
    for (const [name, value] of Object.entries(values)) {
      const target = find(`[data-receipt-${name}]`, main);
      if (target) target.textContent = value;
    }
    const card = find("[data-receipt-code]", main);
    if (card && tracking_code) showCode(card, tracking_code, report_code);
    const follow = find<HTMLAnchorElement>("[data-follow]", main);
    if (follow && tracking_code) follow.hash = tracking_code;
    else if (card) card.hidden = true;
    const saved = find<HTMLButtonElement>("[data-code-saved]", main);
    saved?.addEventListener("click", () => {
      void this.outbox.store.remove(item.id).then(() => {
        saved.disabled = true;
        saved.textContent = saved.dataset["textDone"] ?? "";
      });
    });
  }

  private tellFiles(main: HTMLElement, item: Item): void {
    const status = find("[data-receipt-files]", main);
    if (!status) return;
    const waiting = item.files.filter((file) => !file.done).length;
    const lost = item.files.map((file, index) => ({ file, number: index + 1 })).filter(({ file }) => file.problem);
    const words = lost.map(({ number }) => fill(textOf(status, "lost"), { number }));
    if (waiting) words.unshift(fill(textOf(status, "waiting"), { count: waiting }));
    status.textContent = words.join(" ");
    status.hidden = words.length === 0;
  }

  private category(): string {
    const chosen = find<HTMLInputElement>("input[name=category]:checked", this.form);
    const label = chosen?.labels?.[0];
    return (label?.textContent ?? "").trim();
  }

  private safety(): Node | null {
    return find("[data-advice-now] .mx-strip--warning", this.form)?.cloneNode(true) ?? null;
  }
}

function link(href: string, words: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = words;
  return made;
}

/** Sends by the outbox where the browser has one; `#sua-<number>` opens a report that waits in it. */
export function offerSending(form: HTMLFormElement): void {
  const outbox = window.mxOutbox;
  if (!outbox) return;
  const sending = new Sending(outbox, form);
  const asked = /^#sua-(\d+)$/.exec(location.hash);
  if (asked) void sending.open(Number(asked[1]));
}
