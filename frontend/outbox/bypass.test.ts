import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { IDBFactory } from "fake-indexeddb";
import { forgetSent } from "./bypass.ts";
import { type Item, newItem } from "./item.ts";
import { Store } from "./store.ts";

let store: Store, told: number;
const outbox = () => ({ store, tell: () => { told += 1; } });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = new Store(indexedDB);
  told = 0;
});

async function kept(key: string, more: Partial<Item> = {}): Promise<Item> {
  const { id } = await store.add(newItem(key, 0, "", "vi"));
  const file = { kind: "photo", sha256: "a", size: 1, type: "image/jpeg", done: false } as const;
  const item = await store.change(
    id, (old) => ({ ...old, fields: { description: "Rác" }, files: [file], ...more }),
    [{ sha256: "a", bytes: new ArrayBuffer(1) }],
  );
  assert.ok(item);
  return item;
}

test("what went past the outbox leaves the phone with its photos, and nothing else does", async () => {
  const sent = await kept("một"), other = await kept("hai");
  await forgetSent(outbox(), "một");
  assert.deepEqual((await store.all()).map((item) => item.key), ["hai"]);
  assert.equal(await store.bytes(sent.id, "a"), undefined);
  assert.ok(await store.bytes(other.id, "a"));
  assert.equal(told, 1);
});

test("a key that is not here, or whose codes are kept, is no change", async () => {
  await kept("một", { codes: { report_code: "PA1", tracking_code: "T" } });
  await forgetSent(outbox(), "một");
  await forgetSent(outbox(), "ba");
  assert.equal((await store.all()).length, 1);
  assert.equal(told, 0);
});
