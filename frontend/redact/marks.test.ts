import assert from "node:assert/strict";
import { test } from "node:test";
import { around, between, type Mark, pressed, resized } from "./marks.ts";

const mark: Mark = { page: 1, x: 0.4, y: 0.3, width: 0.2, height: 0.1, kind: "blur" };

test("a tap near a corner makes a mark that stays on the page", () => {
  assert.deepEqual(around(0, 0.01, 0.99, "box"), { page: 0, x: 0, y: 0.88, width: 0.2, height: 0.12, kind: "box" });
});

test("a rectangle is drawn in any direction, and a slip of the hand is none", () => {
  assert.deepEqual(between(2, [0.5, 0.6], [0.2, 0.1], "box"), { page: 2, x: 0.2, y: 0.1, width: 0.3, height: 0.5, kind: "box" });
  assert.equal(between(0, [0.5, 0.5], [0.505, 0.9], "box"), null);
  assert.deepEqual(between(0, [0.9, 0.9], [1.7, 1.2], "box")?.width, 0.1);
});

test("arrows move, with shift they resize, and nothing leaves the page", () => {
  assert.deepEqual(pressed(mark, "ArrowLeft", false), { ...mark, x: 0.39 });
  assert.deepEqual(pressed(mark, "ArrowDown", true), { ...mark, height: 0.11 });
  assert.equal(pressed({ ...mark, x: 0.8 }, "ArrowRight", false)?.x, 0.8);
  assert.equal(pressed(mark, "a", false), null);
  assert.equal(resized(mark, -1, 0).width, 0.01);
});
