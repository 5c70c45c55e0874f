import assert from "node:assert/strict";
import { test } from "node:test";
import { newsWords } from "./news.ts";

const words = (fresh: number, moved: boolean) =>
  newsWords({ new: fresh, moved }, "{count} việc mới.", "Có thay đổi.");

test("new ones are counted, changes are told, nothing is silent", () => {
  assert.equal(words(3, true), "3 việc mới.");
  assert.equal(words(100, false), "99+ việc mới.");
  assert.equal(words(0, true), "Có thay đổi.");
  assert.equal(words(0, false), "");
});
