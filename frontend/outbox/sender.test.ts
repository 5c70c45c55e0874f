import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { bodyOf } from "./body.ts";
import { type Attachment, type Fields, type Item, newItem, submitted, unbound } from "./item.ts";
import { sha256 } from "./values.ts";
import { editing, Sender, type World } from "./sender.ts";
import { Store } from "./store.ts";

const FIELDS: Fields = {
  category: "p_waste", description: "Rác đổ cạnh cầu treo", lon: "103.0205", lat: "21.3895", source: "gps",
  consent: true, contact_phone: "0912 345 678",
};

interface Call { method: string; path: string; key: string; body: string; headers: Record<string, string>; credentials: string }
type Reply = { status: number; body?: unknown; type?: string; retry?: string } | "cut before" | "cut after";

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
        "Date": new Date(serverNow).toUTCString(),
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
        received_at: new Date(serverNow).toISOString(),
      },
    };
  }
}

const DAY = 24 * 3600_000;
let store: Store, server: Server, sender: Sender, held: Set<string>, number: number;
/** The clocks of the phone and of the server. */
let now: number, serverNow: number;
let world: World;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = new Store(indexedDB);
  server = new Server();
  now = Date.parse("2026-03-02T01:00:00Z");
  serverNow = now;
  held = new Set();
  number = 0;
  world = {
    fetch: server.fetch as unknown as typeof fetch, now: () => now, tell: () => undefined,
    alone: async (name, work) => {
      if (held.has(name)) return false;
      held.add(name);
      try { await work(); } finally { held.delete(name); }
      return true;
    },
  };
  sender = new Sender(store, world);
});

async function keep(photos: string[] = [], account = "", fields: Fields = FIELDS): Promise<Item> {
  number += 1;
  const key = `${number}`.padStart(8, "0");
  const added = await Promise.all(photos.map(async (words) => {
    const bytes = new TextEncoder().encode(`${key}${words}`).buffer as ArrayBuffer;
    return { sha256: await sha256(bytes), bytes };
  }));
  const files: Attachment[] = added.map(({ sha256: name, bytes }) => ({
    kind: "photo", sha256: name, size: bytes.byteLength, type: "image/jpeg", done: false,
  }));
  const item = await store.add(newItem(key, now, account, "vi"));
  const stored = await store.change(item.id, (old) => submitted(old, fields, files, now), added);
  assert.ok(stored);
  return stored;
}

function pass(days: number): void {
  now += days * DAY;
  serverNow += days * DAY;
}

const state = async (item: Item) => (await store.get(item.id))?.state;
const posts = () => server.calls.filter((call) => call.method === "POST");
const only = (index: number, reply: Reply) => {
  let seen = 0;
  server.replies.push((call) => (call.method === "POST" && seen++ === index ? reply : undefined));
};

test("words and photos arrive once; after that only the codes are in the phone", async () => {
  const item = await keep(["một", "hai"]);
  await sender.run();
  const left = await store.get(item.id);
  assert.equal(left?.state, "sent");
  assert.deepEqual(left?.fields, {});
  assert.equal(left?.frozen, null);
  assert.ok(left?.codes?.tracking_code);
  assert.equal(server.photos.size, 2);
  for (const file of item.files) assert.equal(await store.bytes(item.id, file.sha256), undefined);
});

test("an outcome nobody knows replays the same bytes under the same key", async () => {
  const item = await keep();
  only(0, "cut after");
  await sender.run();
  assert.equal(await state(item), "sending");
  const changed = await store.change(item.id, (old) => submitted(old, { ...FIELDS, description: "khác" }, [], now));
  assert.notEqual(changed?.fields["description"], "khác", "frozen until a definite answer");
  await sender.run(true);
  assert.equal(await state(item), "sent");
  assert.equal(server.reports.size, 1);
  assert.equal(posts()[0]?.body, posts()[1]?.body);
});

test("without network nothing more is tried, and all of it goes when the network is back", async () => {
  for (let each = 0; each < 5; each += 1) await keep(["ảnh"]);
  server.replies.push(() => "cut before");
  await sender.run();
  assert.equal(posts().length, 1);
  server.replies = [];
  await sender.run(true);
  assert.equal(server.reports.size, 5);
  assert.equal(server.photos.size, 5);
});

test("one refused report keeps its words and stops no other", async () => {
  const bad = await keep();
  const good = await keep();
  only(0, { status: 422, body: { type: "/loi/invalid", detail: "Còn chỗ cần sửa.", fields: { category: "Xin chọn." } } });
  await sender.run();
  const kept = await store.get(bad.id);
  assert.equal(kept?.state, "refused");
  assert.deepEqual(kept?.refusal?.fields, { category: "Xin chọn." });
  assert.equal(kept?.fields["description"], FIELDS["description"]);
  assert.equal(await state(good), "sent");
  await store.change(bad.id, (old) => submitted(old, { ...FIELDS, category: "p_water" }, [], now));
  await sender.run();
  assert.equal(await state(bad), "sent");
  assert.match(server.reports.get(bad.key) ?? "", /p_water/);
});

test("409 and 429 are obeyed: no report leaves before Retry-After is over", async () => {
  const first = await keep(), second = await keep();
  only(0, { status: 429, body: { type: "/loi/http-429", detail: "" }, retry: "30" });
  await sender.run(true);
  assert.equal(posts().length, 1);
  now += 29_000;
  await sender.run(true);
  assert.equal(posts().length, 1);
  now += 2_000;
  only(0, { status: 409, body: { type: "/loi/busy", detail: "" }, retry: "2" });
  await sender.run();
  now += 3_000;
  await sender.run();
  assert.deepEqual([await state(first), await state(second)], ["sent", "sent"]);
  assert.equal(server.reports.size, 2);
});

test("a 5xx or a page of somebody else is no answer", async () => {
  for (const reply of [
    { status: 503, body: { type: "/loi/unavailable" }, retry: "5" },
    { status: 200, type: "text/html", body: "Đăng nhập Wi-Fi" },
    { status: 403, type: "text/html", body: "portal" },
    { status: 201, body: { ok: true } },
  ] satisfies Reply[]) {
    const item = await keep();
    server.replies = [];
    only(0, reply);
    await sender.run(true);
    assert.equal(await state(item), "sending");
    now += 3600_000;
    await sender.run();
    assert.equal(await state(item), "sent");
  }
});

test("a report under an account waits for it and goes with its token; a guest's has no cookie", async () => {
  const mine = await keep([], "tài khoản A"), guest = await keep();
  await sender.run();
  assert.deepEqual([await state(mine), await state(guest)], ["waiting", "sent"]);
  assert.equal((await store.get(mine.id))?.hold, "account");
  assert.deepEqual(posts().map((call) => call.credentials), ["omit"]);
  server.account = "tài khoản B";
  await sender.run();
  assert.equal(await state(mine), "waiting");
  server.account = "tài khoản A";
  await sender.run();
  assert.equal(await state(mine), "sent");
  const last = posts()[1];
  assert.deepEqual([last?.credentials, last?.headers["X-CSRFToken"]], ["same-origin", "t"]);
});

test("a session that ended while it was sent only makes it wait", async () => {
  const item = await keep([], "A");
  server.account = "A";
  only(0, { status: 400, body: { type: "/loi/http-400", detail: "Trang này đã cũ" } });
  await sender.run();
  assert.equal((await store.get(item.id))?.hold, "account");
  await store.change(item.id, unbound);
  await sender.run();
  assert.equal(await state(item), "sent");
  assert.equal(posts()[1]?.credentials, "omit");
});

test("a refusal after an unknown outcome: the first bytes are found again, not doubled", async () => {
  const item = await keep();
  only(0, "cut after");
  await sender.run();
  only(0, { status: 403, body: { type: "/loi/forbidden", detail: "Không có quyền." } });
  await sender.run(true);
  assert.equal(await state(item), "refused");
  server.replies = [];
  await store.change(item.id, (old) => submitted(old, { ...FIELDS, description: "Sửa lại" }, [], now));
  await sender.run();
  assert.equal(await state(item), "sent");
  assert.equal(server.reports.size, 1);
  assert.match(server.reports.get(item.key) ?? "", /cầu treo/);
});

test("a photo that cannot be taken is named, the others go", async () => {
  const item = await keep(["một", "hỏng", "ba"]);
  const bad = item.files[1]?.sha256 ?? "";
  server.replies.push((call) => (call.path.endsWith(bad)
    ? { status: 415, body: { type: "/loi/unsupported-media", detail: "Ảnh không đọc được." } } : undefined));
  await sender.run();
  const left = await store.get(item.id);
  assert.equal(left?.state, "sent");
  assert.deepEqual(left?.files.map((file) => file.problem), [undefined, "Ảnh không đọc được.", undefined]);
  assert.equal(server.photos.size, 2);
});

test("photos go on where they were cut", async () => {
  const item = await keep(["một", "hai", "ba"]);
  let puts = 0;
  server.replies.push((call) => (call.method === "PUT" && ++puts === 2 ? "cut after" : undefined));
  await sender.run();
  assert.equal(await state(item), "files");
  assert.deepEqual((await store.get(item.id))?.fields, {}, "the words left with the report");
  await sender.run(true);
  assert.equal(await state(item), "sent");
  assert.equal(server.photos.size, 3);
  assert.equal(puts, 4);
});

test("two senders at once: one sends", async () => {
  for (let each = 0; each < 5; each += 1) await keep();
  await Promise.all([sender.run(), new Sender(store, world).run(), new Sender(new Store(indexedDB), world).run()]);
  assert.equal(posts().length, 5);
});

test("what is being edited is not sent", async () => {
  const item = await keep();
  held.add(editing(item.id));
  await sender.run();
  assert.equal(posts().length, 0);
  held.clear();
  await sender.run();
  assert.equal(await state(item), "sent");
});

test("the same words twice are two reports", async () => {
  await keep();
  await keep();
  await sender.run();
  assert.equal(server.reports.size, 2);
});

test("proof of work is done when it is asked for, and not again without end", async () => {
  const item = await keep();
  const parameters = { algorithm: "PBKDF2/SHA-256", cost: 1, keyLength: 8, keyPrefix: "", nonce: "00", salt: "00" };
  const body = { type: "/loi/proof-required", detail: "", challenge: { parameters, signature: "s" } };
  only(0, { status: 429, retry: "1", body });
  await sender.run();
  assert.equal(await state(item), "sent");
  const proof = JSON.parse(atob(posts()[1]?.headers["X-Proof"] ?? "")) as { solution: { counter: number } };
  assert.equal(proof.solution.counter, 0);
  assert.match(posts()[0]?.headers["X-Device-Token"] ?? "", /^[0-9a-f]{48}$/);
  const unlucky = await keep();
  server.replies = [(call) => (call.method === "POST" ? { status: 429, retry: "1", body } : undefined)];
  await sender.run();
  assert.equal(await state(unlucky), "sending");
  assert.equal(posts().length, 4);
});

test("codes stay for 30 days of the server, not of the phone", async () => {
  const sent = await keep();
  await sender.run();
  pass(29);
  await sender.run();
  assert.equal(await state(sent), "sent");
  for (const wrong of [10, -10]) {
    now += wrong * 365 * DAY;
    await sender.run();
    assert.equal(await state(sent), "sent", "a clock that jumps by years loses nothing");
    now -= wrong * 365 * DAY;
  }
  pass(2);
  server.replies.push(() => "cut before");
  await sender.run();
  assert.equal(await state(sent), "sent", "without network nobody knows the day");
  server.replies = [() => ({ status: 200, type: "text/html", body: "Đăng nhập Wi-Fi" })];
  await sender.run();
  assert.equal(await state(sent), "sent");
  server.replies = [];
  await sender.run();
  assert.equal(await store.get(sent.id), undefined);
});

test("codes that arrived while the clock was wrong are counted by the server's", async () => {
  now += 5 * 365 * DAY;
  const sent = await keep();
  await sender.run();
  now -= 5 * 365 * DAY;
  pass(31);
  await sender.run();
  assert.equal(await store.get(sent.id), undefined);
});

test("whether a photo comes too late the server says, in its words", async () => {
  const stuck = await keep(["ảnh"]);
  server.replies.push((call) => (call.method === "PUT" ? { status: 503, retry: "60" } : undefined));
  await sender.run();
  now += 12 * 365 * DAY;
  await sender.run();
  assert.equal(await state(stuck), "files");
  assert.equal(server.calls.filter((call) => call.method === "PUT").length, 2);
  server.replies = [(call) => (call.method === "PUT"
    ? { status: 410, body: { type: "/loi/gone", detail: "Đã quá 30 ngày." } } : undefined)];
  now += 3600_000;
  await sender.run();
  assert.equal(await state(stuck), "sent");
  assert.equal((await store.get(stuck.id))?.files[0]?.problem, "Đã quá 30 ngày.");
});

test("a draft outlives a clock that jumps, and goes when it was left for a week", async () => {
  const { id } = await store.add(newItem("nháp", now, "", "vi"));
  const days = async () => (await store.get(id))?.days?.length;
  for (const jump of [16 * 365, -16 * 365, 16 * 365, -16 * 365]) {
    await sender.run();
    now += jump * DAY;
  }
  assert.equal(await days(), 2);
  for (let day = 0; day < 5; day += 1) {
    pass(1);
    await sender.run();
    await sender.run();
  }
  assert.equal(await days(), 7);
  pass(1);
  await sender.run();
  assert.equal(await store.get(id), undefined);
  assert.equal(server.calls.length, 0);
});

test("the database closed under the application opens again", async () => {
  const item = await keep();
  const opening = (store as unknown as { opening: Promise<IDBDatabase> }).opening;
  (await opening).close();
  await sender.run();
  assert.equal(await state(item), "sent");
});

test("the body is the contract's JSON", () => {
  const body = JSON.parse(bodyOf({
    ...FIELDS, unit: "gso-2025:03325", place_note: " Sau chợ ", households_affected: "12", to_province: false,
    on_behalf: true, channel: "phone", csrf_token: "x", idempotency_key: "y", nature: "",
  }, [{ kind: "photo", sha256: "a", size: 1, type: "image/jpeg", done: false, taken_at: "2026-03-01T07:30" }])) as object;
  assert.deepEqual(body, {
    category: "p_waste", description: "Rác đổ cạnh cầu treo", consent: true, to_province: false,
    place_note: "Sau chợ", households_affected: 12,
    location: { lon: 103.0205, lat: 21.3895, source: "gps" },
    unit: { code_system: "gso-2025", code: "03325" }, contact: { phone: "0912 345 678" },
    on_behalf_of: true, channel: "phone",
    photos: [{ sha256: "a", size: 1, type: "image/jpeg", taken_at: "2026-03-01T07:30" }],
  });
});
