// Web Push inside the service worker: one neutral line, whatever came, and the tracking page behind it.
// Imported by the worker: offerPush(self).

// The few parts of a service worker that are needed here; the page's own types know none of them.
interface PushEventLike extends Event {
  data: { text(): string } | null;
  waitUntil(work: Promise<unknown>): void;
}
interface ClickEventLike extends Event {
  notification: { close(): void };
  waitUntil(work: Promise<unknown>): void;
}
interface WindowLike {
  url: string;
  focus(): Promise<unknown>;
}
export interface PushWorker {
  registration: { showNotification(title: string, options: object): Promise<void> };
  clients: {
    matchAll(options: object): Promise<readonly WindowLike[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(name: string, heard: (event: never) => void): void;
}

export const FOLLOW_PATH = "/tra-cuu";
const FIRST_WORDS = "Mắt Xanh";
const MOST_LETTERS = 60;

/** What the phone shows: our own line, and never anything else that came. */
export function shownTitle(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.startsWith(FIRST_WORDS) && line.length <= MOST_LETTERS ? line : FIRST_WORDS;
}

export function offerPush(worker: PushWorker): void {
  worker.addEventListener("push", (event: PushEventLike) => {
    const title = shownTitle(event.data?.text() ?? "");
    // One tag: a second piece of news takes the place of the first, which says the same.
    event.waitUntil(worker.registration.showNotification(title, { tag: "mat-xanh" }));
  });
  worker.addEventListener("notificationclick", (event: ClickEventLike) => {
    event.notification.close();
    event.waitUntil(openFollowPage(worker));
  });
}

async function openFollowPage(worker: PushWorker): Promise<unknown> {
  const windows = await worker.clients.matchAll({ type: "window" });
  const open = windows.find((each) => new URL(each.url).pathname.endsWith(FOLLOW_PATH));
  return open ? open.focus() : worker.clients.openWindow(FOLLOW_PATH);
}
