import assert from "node:assert/strict";
import { test } from "node:test";
import { cutOf } from "./compare.ts";

test("the upper photo is cut from its left by what shows of the lower one", () => {
  assert.equal(cutOf(0), "inset(0 0 0 0%)");
  assert.equal(cutOf(35), "inset(0 0 0 35%)");
  assert.equal(cutOf(140), "inset(0 0 0 100%)");
});
