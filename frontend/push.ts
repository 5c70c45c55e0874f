// Web Push inside the service worker: one neutral line, whatever came. Behind it the page of the reader's
// own news where the second line names one, otherwise the tracking page.
// Imported by the worker: offerPush(self).

// The few parts of a service worker that are needed here; the page's own types know none of them.
interface PushEventLike extends Event {
  data: { text(): string } | null;
  waitUntil(work: Promise<unknown>): void;
}
interface ClickEventLike extends Event {
  notification: { close(): void; data?: unknown };
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
/** The page of one reader's news; nothing else that came is ever opened. */
const NEWS_PATH = /^(?:\/en)?\/nhan-tin\/[0-9a-f]{64}$/;
const FIRST_WORDS = "Mắt Xanh";
const MOST_LETTERS = 60;

/** What the phone shows: our own line, and never anything else that came. */
export function shownTitle(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.startsWith(FIRST_WORDS) && line.length <= MOST_LETTERS ? line : FIRST_WORDS;
}

/** The page behind the line. */
export function pageBehind(text: string): string {
  const path = text.split("\n")[1] ?? "";
  return NEWS_PATH.test(path) ? path : FOLLOW_PATH;
}

export function offerPush(worker: PushWorker): void {
  worker.addEventListener("push", (event: PushEventLike) => {
    const text = event.data?.text() ?? "";
    const path = pageBehind(text);
    // One tag for each page: a second piece of news takes the place of the first, which says the same.
    const tag = path === FOLLOW_PATH ? "mat-xanh" : "mat-xanh-tin";
    event.waitUntil(worker.registration.showNotification(shownTitle(text), { tag, data: path }));
  });
  worker.addEventListener("notificationclick", (event: ClickEventLike) => {
    event.notification.close();
    const path = event.notification.data;
    event.waitUntil(openPage(worker, typeof path === "string" ? path : FOLLOW_PATH));
  });
}

async function openPage(worker: PushWorker, path: string): Promise<unknown> {
  const windows = await worker.clients.matchAll({ type: "window" });
  const open = windows.find((each) => new URL(each.url).pathname.endsWith(path));
  // A page of news that stands open is old: it is loaded again.
  return open && path === FOLLOW_PATH ? open.focus() : worker.clients.openWindow(path);
}
