import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted } from "./shrink.ts";

test("the longest side is cut to the limit, a small photo is not blown up", () => {
  assert.deepEqual(fitted(4032, 3024, 1600), { width: 1600, height: 1200 });
  assert.deepEqual(fitted(3024, 4032, 1600), { width: 1200, height: 1600 });
  assert.deepEqual(fitted(800, 600, 1600), { width: 800, height: 600 });
  assert.deepEqual(fitted(20000, 3, 1600), { width: 1600, height: 1 });
});
