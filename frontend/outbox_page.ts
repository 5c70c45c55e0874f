// The page of the outbox: every report in this phone, what it waits for, and what can be done.
import type { Outbox } from "./outbox/engine.ts";
import { editable, type Item, pending, released, unbound } from "./outbox/item.ts";
import { showCode } from "./outbox/receipt.ts";
import { wipe } from "./outbox/wipe.ts";
import { fill, find, findAll, localTime, revealScripted, textOf } from "./page.ts";
import { waitingParcels } from "./parcels/notes.ts";

/** Which words of the page tell how an item stands. */
export function standing(item: Item): string {
  if (item.state === "sending" || item.state === "waiting") return item.hold ?? item.state;
  const left = item.files.filter((file) => !file.done);
  return item.state === "files" && left.every((file) => file.kind === "voice") ? "voice" : item.state;
}

class OutboxPage {
  private readonly list = find("[data-outbox-list]", this.root);
  private readonly template = find<HTMLTemplateElement>("template[data-outbox-item]", this.root);

  constructor(private readonly outbox: Outbox, private readonly root: HTMLElement) {
    outbox.listen(() => void this.draw());
    find("[data-outbox-send]", root)?.addEventListener("click", () => void outbox.send(true));
    const ask = find("[data-outbox-wipe-ask]", root);
    find("[data-outbox-wipe]", root)?.addEventListener("click", () => void this.wipe(ask));
    find("[data-outbox-wipe-yes]", root)?.addEventListener("click", () => void this.wipe(null));
    find("[data-outbox-wipe-no]", root)?.addEventListener("click", () => {
      if (ask) ask.hidden = true;
    });
    void this.draw();
  }

  /** One touch, where nothing unsent would be lost; else it asks first. */
  private async wipe(ask: HTMLElement | null): Promise<void> {
    const items = await this.outbox.store.all();
    const unsent = items.filter((item) => item.state !== "sent" && item.state !== "draft");
    if (ask && unsent.length + await waitingParcels(this.outbox.store)) {
      ask.hidden = false;
      ask.focus();
      return;
    }
    await wipe(this.outbox.store);
    this.outbox.tell({ item: null });
    const done = find("[data-outbox-wiped]", this.root);
    if (done) done.hidden = false;
    const asked = find("[data-outbox-wipe-ask]", this.root);
    if (asked) asked.hidden = true;
  }

  private async draw(): Promise<void> {
    if (!this.list || !this.template) return;
    const items = (await this.outbox.store.all()).reverse();
    const empty = find("[data-outbox-empty]", this.root);
    if (empty) empty.hidden = items.length > 0;
    const send = find("[data-outbox-send]", this.root);
    if (send) send.hidden = !items.some(pending);
    const focus = this.focused();
    this.list.textContent = "";
    for (const item of items) this.list.append(this.row(item, this.template));
    focus?.();
  }

  /** Who goes by keyboard stays where the focus was, or begins anew where that is gone. */
  private focused(): (() => void) | null {
    const held = document.activeElement;
    const card = held?.closest<HTMLElement>("[data-item]");
    if (!held || !card || !this.list?.contains(card)) return null;
    const place = findAll("a, button, summary", card).indexOf(held as HTMLElement);
    return () => {
      const again = find(`[data-item="${card.dataset["item"]}"]`, this.list as HTMLElement);
      const target = again && findAll("a, button, summary", again)[place];
      (target && !target.hidden ? target : find("h1", this.root))?.focus();
    };
  }

  private row(item: Item, template: HTMLTemplateElement): Node {
    const row = template.content.cloneNode(true) as DocumentFragment;
    const card = find("[data-item]", row) as HTMLElement;
    card.dataset["item"] = String(item.id);
    card.dataset["state"] = item.state;
    this.say(row, item);
    const edit = find<HTMLAnchorElement>("[data-item-edit]", row);
    if (edit) {
      edit.hidden = !editable(item);
      edit.href = `${edit.getAttribute("href") ?? ""}#sua-${item.id}`;
    }
    this.offer(row, "[data-item-remove]", editable(item), () => this.outbox.store.remove(item.id));
    this.offer(row, "[data-item-unbind]", item.hold === "account", () => this.let(item.id, unbound));
    this.offer(row, "[data-item-saved]", item.state === "sent", () => this.outbox.store.remove(item.id));
    this.offer(row, "[data-item-retry]", item.hold === "network", () => this.let(item.id, released));
    const code = find("[data-item-code]", row);
    if (code && item.codes?.tracking_code) {
      code.hidden = false;
      showCode(code, item.codes.tracking_code, item.codes.report_code);
    }
    return row;
  }

  private say(row: ParentNode, item: Item): void {
    const time = localTime(item.at);
    const files = item.files.filter((file) => !file.done && file.kind === "photo").length;
    const words: Record<string, string> = {
      title: String(item.fields["description"] || item.fields["place_note"] || "").slice(0, 80)
        || item.codes?.report_code || textOf(this.root, "untitled"),
      time, state: fill(textOf(this.root, `state-${standing(item)}`), { count: files }),
      problem: item.refusal ? [item.refusal.detail, ...Object.values(item.refusal.fields)].join(" ") : "",
    };
    for (const [name, value] of Object.entries(words)) {
      for (const target of findAll(`[data-item-${name}]`, row as Element)) {
        target.textContent = value;
        target.hidden = value === "";
      }
    }
  }

  private offer(row: ParentNode, selector: string, wanted: boolean, act: () => Promise<unknown>): void {
    const button = find<HTMLButtonElement>(selector, row);
    if (!button) return;
    button.hidden = !wanted;
    button.addEventListener("click", () => {
      void act().then(() => this.outbox.tell({ item: null }));
    });
  }

  private async let(id: number, change: (item: Item) => Item): Promise<void> {
    await this.outbox.store.change(id, change);
    await this.outbox.send();
  }
}

const root = find("[data-outbox]");
if (root && window.mxOutbox) {
  revealScripted(root);
  new OutboxPage(window.mxOutbox, root);
} else if (root) {
  const cannot = find("[data-outbox-cannot]", root);
  if (cannot) cannot.hidden = false;
}
