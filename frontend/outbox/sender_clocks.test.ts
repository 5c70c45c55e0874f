import assert from "node:assert/strict";
import { test } from "node:test";
import { clocks, DAY, keep, pass, sender, server, state, store } from "./fake_server.ts";
import { newItem } from "./item.ts";

test("codes stay for 30 days of the server, not of the phone", async () => {
  const sent = await keep();
  await sender.run();
  pass(29);
  await sender.run();
  assert.equal(await state(sent), "sent");
  for (const wrong of [10, -10]) {
    clocks.phone += wrong * 365 * DAY;
    await sender.run();
    assert.equal(await state(sent), "sent", "a clock that jumps by years loses nothing");
    clocks.phone -= wrong * 365 * DAY;
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
  clocks.phone += 5 * 365 * DAY;
  const sent = await keep();
  await sender.run();
  clocks.phone -= 5 * 365 * DAY;
  pass(31);
  await sender.run();
  assert.equal(await store.get(sent.id), undefined);
});

test("whether a photo comes too late the server says, in its words", async () => {
  const stuck = await keep(["ảnh"]);
  server.replies.push((call) => (call.method === "PUT" ? { status: 503, retry: "60" } : undefined));
  await sender.run();
  clocks.phone += 12 * 365 * DAY;
  await sender.run();
  assert.equal(await state(stuck), "files");
  assert.equal(server.calls.filter((call) => call.method === "PUT").length, 2);
  server.replies = [(call) => (call.method === "PUT"
    ? { status: 410, body: { type: "/loi/gone", detail: "Đã quá 30 ngày." } } : undefined)];
  clocks.phone += 3600_000;
  await sender.run();
  assert.equal(await state(stuck), "sent");
  assert.equal((await store.get(stuck.id))?.files[0]?.problem, "Đã quá 30 ngày.");
});

test("a draft outlives a clock that jumps, and goes when it was left for a week", async () => {
  const { id } = await store.add(newItem("nháp", clocks.phone, "", "vi"));
  const days = async () => (await store.get(id))?.days?.length;
  for (const jump of [16 * 365, -16 * 365, 16 * 365, -16 * 365]) {
    await sender.run();
    clocks.phone += jump * DAY;
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
