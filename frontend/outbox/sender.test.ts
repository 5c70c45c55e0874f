import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clocks, FIELDS, held, keep, only, posts, type Reply, sender, server, state, store, world,
} from "./fake_server.ts";
import { submitted, unbound } from "./item.ts";
import { editing, Sender } from "./sender.ts";
import { Store } from "./store.ts";

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
  const changed = await store.change(item.id, (old) => submitted(old, { ...FIELDS, description: "khác" }, [], clocks.phone));
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
  await store.change(bad.id, (old) => submitted(old, { ...FIELDS, category: "p_water" }, [], clocks.phone));
  await sender.run();
  assert.equal(await state(bad), "sent");
  assert.match(server.reports.get(bad.key) ?? "", /p_water/);
});

test("409 and 429 are obeyed: no report leaves before Retry-After is over", async () => {
  const first = await keep(), second = await keep();
  only(0, { status: 429, body: { type: "/loi/http-429", detail: "" }, retry: "30" });
  await sender.run(true);
  assert.equal(posts().length, 1);
  clocks.phone += 29_000;
  await sender.run(true);
  assert.equal(posts().length, 1);
  clocks.phone += 2_000;
  only(0, { status: 409, body: { type: "/loi/busy", detail: "" }, retry: "2" });
  await sender.run();
  clocks.phone += 3_000;
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
    clocks.phone += 3600_000;
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
  await store.change(item.id, (old) => submitted(old, { ...FIELDS, description: "Sửa lại" }, [], clocks.phone));
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

test("the database closed under the application opens again", async () => {
  const item = await keep();
  const opening = (store as unknown as { opening: Promise<IDBDatabase> }).opening;
  (await opening).close();
  await sender.run();
  assert.equal(await state(item), "sent");
});
