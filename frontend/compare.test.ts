import assert from "node:assert/strict";
import { test } from "node:test";
import { cutOf, shareAt } from "./compare.ts";

test("the upper photo is cut from its left by what shows of the lower one", () => {
  assert.equal(cutOf(0), "inset(0 0 0 0%)");
  assert.equal(cutOf(35), "inset(0 0 0 35%)");
  assert.equal(cutOf(140), "inset(0 0 0 100%)");
});

test("a finger on the photos shows as much of the left one as lies left of it", () => {
  const photo = { left: 20, width: 200 };
  assert.equal(shareAt(70, photo), 25);
  assert.equal(shareAt(0, photo), 0);
  assert.equal(shareAt(500, photo), 100);
  assert.equal(shareAt(30, { left: 20, width: 0 }), 50); // a photo that did not come
});
