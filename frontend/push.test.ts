// What a phone shows and opens, whatever came.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FOLLOW_PATH, offerPush, pageBehind, type PushWorker, shownTitle } from "./push.ts";

const NEWS = `/en/nhan-tin/${"0a".repeat(32)}`;

test("only our own line is shown", () => {
  assert.equal(shownTitle(`Mắt Xanh: có cập nhật\n${NEWS}`), "Mắt Xanh: có cập nhật");
  assert.equal(shownTitle("Rác nhà ông Lò ở bản Bua"), "Mắt Xanh");
});

test("only a page of one reader's news is opened, otherwise the tracking page", () => {
  assert.equal(pageBehind(`Mắt Xanh: có cập nhật\n${NEWS}`), NEWS);
  const others = ["", "x", "x\nhttps://example.invalid/", "x\n//example.invalid", "x\n/nhan-tin/../can-bo", `x\n${NEWS}/x`];
  for (const text of others) assert.equal(pageBehind(text), FOLLOW_PATH, text);
});

test("news of a case and news of a report stand beside each other, and each opens its own page", async () => {
  const heard = new Map<string, (event: never) => void>();
  const shown: { title: string; tag: string; data: string }[] = [];
  const opened: string[] = [];
  offerPush({
    registration: { showNotification: async (title: string, options: object) => { shown.push({ title, ...options } as never); } },
    clients: { matchAll: async () => [], openWindow: async (url: string) => { opened.push(url); } },
    addEventListener: (name, listener) => { heard.set(name, listener); },
  } satisfies PushWorker);
  const waits: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>): void => { waits.push(work); };
  for (const text of ["Mắt Xanh: có cập nhật", `Mắt Xanh: có cập nhật\n${NEWS}`]) {
    heard.get("push")?.({ data: { text: () => text }, waitUntil } as never);
  }
  await Promise.all(waits);
  assert.deepEqual(shown.map(({ tag }) => tag), ["mat-xanh", "mat-xanh-tin"]);
  for (const { data } of shown) {
    heard.get("notificationclick")?.({ notification: { close() {}, data }, waitUntil } as never);
  }
  await Promise.all(waits);
  assert.deepEqual(opened, [FOLLOW_PATH, NEWS]);
});
