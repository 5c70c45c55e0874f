// The outbox of a page: one store, one sender, and every occasion to send.
import { alone } from "./alone.ts";
import type { Item } from "./item.ts";
import { Sender } from "./sender.ts";
import { Store } from "./store.ts";
import type { Receipt } from "./verdict.ts";

export interface News { item: Item | null; receipt?: Receipt }
type Listener = (news: News) => void;

const CHANNEL = "mat-xanh";
const SYNC_TAG = "outbox";
const SHORTEST_MS = 5_000;

interface SyncManager { register(tag: string): Promise<void> }

/**
 * Whether this browser can keep reports and send each of them once: a store, one sender among all
 * tabs, and hashes. Without them the form is sent as any form.
 */
export function canKeep(): boolean {
  return window.isSecureContext && "indexedDB" in window && "locks" in navigator
    && "subtle" in crypto && "BroadcastChannel" in window;
}

export class Outbox {
  readonly store = new Store(indexedDB);
  private readonly listeners: Listener[] = [];
  private readonly channel = new BroadcastChannel(CHANNEL);
  private readonly sender: Sender;
  private timer = 0;
  /** The network came, and no run has begun since then. */
  private fresh = false;

  constructor() {
    this.sender = new Sender(this.store, {
      fetch: window.fetch.bind(window), now: Date.now, alone,
      tell: (item, receipt) => this.tell(receipt ? { item, receipt } : { item }),
    });
    this.channel.onmessage = (message: MessageEvent<News>) => this.hear(message.data);
  }

  /** Sends now and at every later occasion. */
  start(): void {
    window.addEventListener("online", () => void this.send(true));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.send();
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) void this.send();
    });
    void this.send(true);
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  /** Says to every tab and to this page that something changed. */
  tell(news: News): void {
    this.channel.postMessage(news);
    this.hear(news);
  }

  async send(fresh = false): Promise<void> {
    this.fresh ||= fresh;
    try {
      const next = await this.turn();
      window.clearTimeout(this.timer);
      if (next === null) return;
      this.timer = window.setTimeout(() => void this.send(), Math.max(next - Date.now(), SHORTEST_MS));
    } catch {
      // The store does not open now, as in a browser that is out of room: the next occasion tries again.
    }
  }

  /** One run, and when the next is due. One that is under way elsewhere may not know what is new. */
  private async turn(): Promise<number | null> {
    const asked = this.fresh;
    this.fresh = false;
    if (await this.sender.run(asked)) return this.sender.next();
    this.fresh ||= asked;
    return 0;
  }

  /** Asks the browser to keep what is stored, and to send it also when no page is open. */
  async keepSafe(): Promise<void> {
    await navigator.storage?.persist?.().catch(() => false);
    const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
    const sync = (worker as { sync?: SyncManager } | undefined)?.sync;
    await sync?.register(SYNC_TAG).catch(() => undefined);
  }

  private hear(news: News): void {
    for (const listener of this.listeners) listener(news);
  }
}
