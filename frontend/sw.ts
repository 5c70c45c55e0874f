// The service worker: the report form and the outbox open without network, public pages that were
// read can be read again, and what waits is sent when the network returns. It keeps nothing that
// belongs to a session: only answers marked public, and frames asked for without cookies.
import { ANSWERS } from "./field/route.ts";
import { alone } from "./outbox/alone.ts";
import { Sender } from "./outbox/sender.ts";
import { Store } from "./outbox/store.ts";
import { sendParcels } from "./parcels/sender.ts";
import { offerPush, type PushWorker } from "./push.ts";
import { VISITS } from "./visits/route.ts";

interface Waiting extends Event { waitUntil(work: Promise<unknown>): void }
interface Fetching extends Waiting {
  request: Request; data?: { keepFrame?: string; prefix?: string }; respondWith(answer: Promise<Response>): void;
}
interface Worker {
  MAT_XANH: { version: string; files: string[]; work: Record<string, string[]> };
  location: Location;
  clients: { claim(): Promise<void> };
  addEventListener(name: string, listener: (event: Fetching) => void): void;
}

const worker = self as unknown as Worker;
const { version, files, work } = worker.MAT_XANH;
const FILES = `mx-files-${version}`;
const FRAMES = `mx-frames-${version}`;
const PAGES = "mx-pages";
const MOST_PAGES = 30;
/** A network that has not answered by then counts as none, where we have a page of our own. */
const PATIENCE_MS = 5_000;
const DAY = 24 * 3600_000;

const FORM = "/gui-phan-anh", FORM_FRAME = "/gui-phan-anh/khung";
/** Work that goes on without network, by its name: its pages, and the empty page in place of them. */
const WORK: Record<string, { pages: RegExp; frame: string }> = {
  tasks: { pages: /^\/can-bo\/nhiem-vu(\/xem\/\d+)?$/, frame: "/viec-duoc-nho/khung" },
  visits: { pages: /^\/can-bo\/kiem-tra(\/[0-9a-f]{32}(\/buoc\/write_minutes)?)?$/, frame: "/bien-ban-tai-cho/khung" },
};
const OUTBOX = "/phan-anh-cho-gui";
const OFFLINE = "/ngoai-tuyen";
const READABLE = /^\/($|vu-viec|ket-qua|don-vi|so-lieu|chi-so-hai-long|lay-y-kien|du-lieu-mo|tra-cuu)/;

/** Keeps the frames of one language, unless the server has a newer version than this worker. */
async function keepFrames(prefix: string): Promise<void> {
  const cache = await caches.open(FRAMES);
  for (const path of [FORM_FRAME, OUTBOX, OFFLINE]) {
    const answer = await fetch(`${prefix}${path}?v=${version}`, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await cache.put(prefix + path, answer);
  }
}

/** For a phone that does such work: the empty page and its files, so that it opens without network. */
async function keepWork(name: string, prefix: string): Promise<void> {
  const path = WORK[name]?.frame ?? "";
  const answer = await fetch(`${prefix}${path}?v=${version}`, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok) return;
  await (await caches.open(FILES)).addAll(work[name] ?? []);
  await (await caches.open(FRAMES)).put(prefix + path, answer);
}

/** What an older worker kept for the work of this phone is kept by this one too. */
async function takeOverWork(): Promise<void> {
  for (const [name, { frame }] of Object.entries(WORK)) {
    for (const prefix of ["", "/en"]) if (await caches.match(prefix + frame)) await keepWork(name, prefix);
  }
}

async function install(): Promise<void> {
  await (await caches.open(FILES)).addAll(files);
  await keepFrames("");
  await takeOverWork().catch(() => undefined);
}

async function tidy(): Promise<void> {
  const ours = [FILES, FRAMES, PAGES];
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !ours.includes(name)).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function frame(path: string): Promise<Response | undefined> {
  return (await caches.open(FRAMES)).match(path);
}

/** Frames change with units and consent words, so they are asked for again once a day. */
async function refreshFrames(prefix: string): Promise<void> {
  const kept = await frame(prefix + FORM_FRAME);
  const age = kept ? Date.now() - Date.parse(kept.headers.get("Date") ?? "") : Infinity;
  // A clock that is behind makes it look newer than now.
  if (!(Math.abs(age) < DAY)) await keepFrames(prefix).catch(() => undefined);
}

async function keepPage(path: string, answer: Response): Promise<void> {
  const cache = await caches.open(PAGES);
  await cache.put(path, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST_PAGES)).map((key) => cache.delete(key)));
}

function isPublic(answer: Response): boolean {
  return answer.status === 200 && !answer.redirected
    && (answer.headers.get("Cache-Control") ?? "").includes("public");
}

const impatient = () => new Promise<never>((_resolve, reject) => {
  setTimeout(() => reject(new Error("slow")), PATIENCE_MS);
});

/** The page from the network; where that fails, our own frame of it. */
async function framed(request: Request, path: string): Promise<Response> {
  const kept = await frame(path);
  if (!kept) return fetch(request);
  try {
    const answer = await Promise.race([fetch(request), impatient()]);
    return answer.status >= 500 ? kept : answer;
  } catch {
    return kept;
  }
}

/** A public page from the network; else as it was last read; else the page that says so. */
async function readable(event: Fetching, path: string, prefix: string): Promise<Response> {
  try {
    const answer = await fetch(event.request);
    // The browser may end a worker that has answered: it is kept before that.
    if (isPublic(answer)) event.waitUntil(keepPage(path, answer.clone()));
    return answer;
  } catch (error) {
    const found = await (await caches.open(PAGES)).match(path) ?? await frame(prefix + OFFLINE) ?? await frame(OFFLINE);
    if (found) return found;
    throw error;
  }
}

function opened(event: Fetching, url: URL): void {
  const prefix = /^\/en(\/|$)/.test(url.pathname) ? "/en" : "";
  const path = url.pathname.slice(prefix.length) || "/";
  if (path === FORM || path === OUTBOX) {
    event.respondWith(framed(event.request, prefix + (path === FORM ? FORM_FRAME : OUTBOX)));
    event.waitUntil(refreshFrames(prefix));
    return;
  }
  const mine = Object.values(WORK).find(({ pages }) => pages.test(path));
  if (mine) {
    event.respondWith(framed(event.request, prefix + mine.frame));
  } else if (READABLE.test(path)) {
    event.respondWith(readable(event, url.pathname + url.search, prefix));
  }
}

const kept = new Set(Object.values(work).reduce((all, more) => [...all, ...more], files));

async function file(request: Request, path: string): Promise<Response> {
  return await (await caches.open(FILES)).match(path) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(tidy()));
worker.addEventListener("message", (event) => {
  const { keepFrame: name, prefix } = event.data ?? {};
  if (name !== undefined && name in WORK && (prefix === "" || prefix === "/en")) event.waitUntil(keepWork(name, prefix));
});
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (event.request.mode === "navigate") opened(event, url);
  else if (kept.has(url.pathname)) event.respondWith(file(event.request, url.pathname));
});

/** Background Sync: the browser calls when there is a network, also when no page is open. */
async function sendWaiting(): Promise<void> {
  const store = new Store(indexedDB);
  const news = new BroadcastChannel("mat-xanh");
  const sender = new Sender(store, {
    fetch: fetch.bind(self), now: Date.now, alone,
    tell: (item, receipt) => news.postMessage(receipt ? { item, receipt } : { item }),
  });
  try {
    await sender.run(true);
  } finally {
    news.close();
  }
  const answersWait = await sendParcels(ANSWERS, store, fetch.bind(self), true);
  const visitsWait = await sendParcels(VISITS, store, fetch.bind(self), true);
  // Refusing the promise makes the browser call again.
  if (answersWait || visitsWait || await sender.next() !== null) throw new Error("waiting");
}

offerPush(self as unknown as PushWorker);
worker.addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
