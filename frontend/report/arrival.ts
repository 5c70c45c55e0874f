// The receipt in place of the form, once the report has arrived; then how its photos come along.
import type { Attachment, Item } from "../outbox/item.ts";
import { showCode } from "../outbox/receipt.ts";
import type { Store } from "../outbox/store.ts";
import type { Receipt } from "../outbox/verdict.ts";
import { fill, find, localTime, textOf } from "../page.ts";
import { offerNotices } from "../phone_notices.ts";

export class Arrival {
  private shown = false;

  constructor(private readonly form: HTMLFormElement, private readonly store: Store) {}

  show(item: Item, receipt?: Receipt): void {
    const template = find<HTMLTemplateElement>("template[data-receipt-template]");
    const main = find("main");
    if (!template || !main || !item.codes) return;
    if (!this.shown) {
      this.shown = true;
      this.begin(main, template, item, receipt);
    }
    tellFiles(main, item);
  }

  private begin(main: HTMLElement, template: HTMLTemplateElement, item: Item, receipt?: Receipt): void {
    const safety = find("[data-advice-now] .mx-strip--warning", this.form)?.cloneNode(true);
    const category = find<HTMLInputElement>("input[name=category]:checked", this.form)?.labels?.[0];
    const values = this.values(item, (category?.textContent ?? "").trim(), receipt);
    main.textContent = "";
    main.append(template.content.cloneNode(true));
    if (safety) find("[data-receipt-safety]", main)?.append(safety);
    for (const [name, value] of Object.entries(values)) {
      const target = find(`[data-receipt-${name}]`, main);
      if (target) target.textContent = value;
    }
    this.showCode(main, item);
    // Back leads to an empty form, not to the screens of the one that went.
    history.replaceState(null, "", location.pathname);
    window.scrollTo(0, 0);
    find("h1", main)?.focus();
  }

  private values(item: Item, category: string, receipt?: Receipt): Record<string, string> {
    return {
      next: receipt?.next_step ?? "", unit: receipt?.unit?.name ?? "", category,
      received: receipt?.received_at ? localTime(receipt.received_at) : "",
      report: item.codes?.report_code ?? "",
      photos: String(item.files.filter((file) => file.kind === "photo").length),
    };
  }

  private showCode(main: HTMLElement, item: Item): void {
    const code = item.codes?.tracking_code;
    const card = find("[data-receipt-code]", main);
    const follow = find<HTMLAnchorElement>("[data-follow]", main);
    if (card && code) showCode(card, code, item.codes?.report_code ?? "");
    else if (card) card.hidden = true;
    if (follow && code) follow.hash = code;
    offerNews(main, code, item.codes?.report_code);
    const saved = find<HTMLButtonElement>("[data-code-saved]", main);
    saved?.addEventListener("click", () => void this.forget(item.id, saved));
  }

  private async forget(id: number, saved: HTMLButtonElement): Promise<void> {
    // While photos are on their way the phone is the only place that has them; the page says so.
    const now = await this.store.get(id);
    if (now && now.state !== "sent") return;
    await this.store.remove(id);
    saved.disabled = true;
    saved.textContent = saved.dataset["textDone"] ?? "";
  }
}

/** To be told on this phone: offered with the receipt and never before. */
function offerNews(main: HTMLElement, code?: string | null, reportCode?: string): void {
  const panel = find("[data-notices]", main);
  if (!panel || !code || !reportCode || !("PushManager" in window)) return;
  panel.dataset["report"] = reportCode;
  panel.dataset["code"] = code;
  panel.hidden = false;
  offerNotices(panel);
}

function tellFiles(main: HTMLElement, item: Item): void {
  const status = find("[data-receipt-files]", main);
  if (!status) return;
  const words = filesTold(item.files).map(({ name, values }) => fill(textOf(status, name), values));
  status.textContent = words.join(" ");
  status.hidden = words.length === 0;
}

interface Told { name: string; values: Record<string, number> }

/** What is still on its way and what was lost: photos by count and number, the voice by itself. */
export function filesTold(files: Attachment[]): Told[] {
  const photos = files.filter((file) => file.kind === "photo");
  const voice = files.filter((file) => file.kind === "voice");
  const count = photos.filter((file) => !file.done).length;
  const lost = photos.map((file, index) => ({ name: "lost", values: { number: index + 1 }, file }));
  return [
    ...(count ? [{ name: "waiting", values: { count } }] : []),
    ...(voice.some((file) => !file.done) ? [{ name: "waiting-voice", values: {} }] : []),
    ...lost.filter(({ file }) => file.problem).map(({ name, values }) => ({ name, values })),
    ...(voice.some((file) => file.problem) ? [{ name: "lost-voice", values: {} }] : []),
  ];
}
