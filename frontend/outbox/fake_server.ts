/** What the tests of the sender send with and to: a phone's store, a server that can fail, clocks. */
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { type Attachment, type Fields, type Item, newItem, submitted } from "./item.ts";
import { Sender, type World } from "./sender.ts";
import { Store } from "./store.ts";
import { sha256 } from "./values.ts";

export const FIELDS: Fields = {
  category: "p_waste", description: "Rác đổ cạnh cầu treo", lon: "103.0205", lat: "21.3895", source: "gps",
  consent: true, contact_phone: "0912 345 678",
};

interface Call { method: string; path: string; key: string; body: string; headers: Record<string, string>; credentials: string }
export type Reply = { status: number; body?: unknown; type?: string; retry?: string } | "cut before" | "cut after";

/** A server that keeps what reaches it, and breaks off where the test says. */
class Server {
  reports = new Map<string, string>();
  photos = new Map<string, string>();
  calls: Call[] = [];
  replies: ((call: Call) => Reply | undefined)[] = [];
  account = "";

  fetch = async (address: string, request: RequestInit): Promise<Response> => {
    const headers = request.headers as Record<string, string>;
    const call: Call = {
      method: request.method ?? "GET", path: address, key: headers?.["Idempotency-Key"] ?? "", headers,
      body: typeof request.body === "string" ? request.body : "", credentials: request.credentials ?? "",
    };
    this.calls.push(call);
    const told = this.replies.map((each) => each(call)).find((each) => each !== undefined);
    if (told === "cut before") throw new TypeError("network");
    const answer = told && told !== "cut after" ? told : await this.take(call, request);
    if (told === "cut after") throw new TypeError("network");
    return new Response(JSON.stringify(answer.body ?? {}), {
      status: answer.status,
      headers: {
        "Date": new Date(clocks.server).toUTCString(),
        "Content-Type": answer.type ?? (answer.status < 400 ? "application/json" : "application/problem+json"),
        ...(answer.retry ? { "Retry-After": answer.retry } : {}),
      },
    });
  };

  private async take(call: Call, request: RequestInit): Promise<Exclude<Reply, string>> {
    if (call.path.endsWith("/session")) return { status: 200, body: { account: this.account, csrf_token: "t" } };
    if (call.method === "PUT") {
      const name = call.path.split("/").pop() ?? "";
      assert.equal(await sha256(request.body as ArrayBuffer), name);
      const had = this.photos.has(call.path);
      this.photos.set(call.path, name);
      return { status: had ? 200 : 201, body: { sha256: name, state: "stored" } };
    }
    const known = this.reports.get(call.key);
    if (known !== undefined && known !== call.body) {
      return { status: 422, body: { type: "/loi/key-reused", detail: "Khóa này đã dùng." } };
    }
    this.reports.set(call.key, call.body);
    const code = `PA${call.key.slice(0, 4)}`;
    const photos = (JSON.parse(call.body) as { photos: { sha256: string }[] }).photos.map((photo) => ({
      sha256: photo.sha256,
      state: this.photos.has(`/api/v1/reports/${code}/photos/${photo.sha256}`) ? "stored" : "wanted",
    }));
    return {
      status: known === undefined ? 201 : 200,
      body: {
        report_code: code, tracking_code: `T${call.key.slice(0, 4)}`, state: "submitted", photos,
        received_at: new Date(clocks.server).toISOString(),
      },
    };
  }
}

export const DAY = 24 * 3600_000;
/** The clocks of the phone and of the server, in milliseconds. */
export const clocks = { phone: 0, server: 0 };
/** New before every test; ``held`` are the names that some tab holds. */
export let store: Store, server: Server, sender: Sender, held: Set<string>, world: World;
let number: number;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = new Store(indexedDB);
  server = new Server();
  clocks.phone = clocks.server = Date.parse("2026-03-02T01:00:00Z");
  held = new Set();
  number = 0;
  world = {
    fetch: server.fetch as unknown as typeof fetch, now: () => clocks.phone, tell: () => undefined,
    alone: async (name, work) => {
      if (held.has(name)) return false;
      held.add(name);
      try { await work(); } finally { held.delete(name); }
      return true;
    },
  };
  sender = new Sender(store, world);
});

/** A report that was submitted in the phone, with photos of these contents. */
export async function keep(photos: string[] = [], account = "", fields: Fields = FIELDS): Promise<Item> {
  number += 1;
  const key = `${number}`.padStart(8, "0");
  const added = await Promise.all(photos.map(async (words) => {
    const bytes = new TextEncoder().encode(`${key}${words}`).buffer as ArrayBuffer;
    return { sha256: await sha256(bytes), bytes };
  }));
  const files: Attachment[] = added.map(({ sha256: name, bytes }) => ({
    kind: "photo", sha256: name, size: bytes.byteLength, type: "image/jpeg", done: false,
  }));
  const item = await store.add(newItem(key, clocks.phone, account, "vi"));
  const stored = await store.change(item.id, (old) => submitted(old, fields, files, clocks.phone), added);
  assert.ok(stored);
  return stored;
}

/** Days go by, on both clocks. */
export function pass(days: number): void {
  clocks.phone += days * DAY;
  clocks.server += days * DAY;
}

export const state = async (item: Item) => (await store.get(item.id))?.state;
export const posts = () => server.calls.filter((call) => call.method === "POST");
/** What the server says to one report sent, by its place from here on. */
export const only = (index: number, reply: Reply) => {
  let seen = 0;
  server.replies.push((call) => (call.method === "POST" && seen++ === index ? reply : undefined));
};
