import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { arcPath, shapeOf, shortCount } from "./shapes.ts";

test("no overdue case draws no arc", () => {
  assert.equal(arcPath(0, 22, 19), "");
});

test("a quarter ends at three o'clock, by the short way", () => {
  assert.equal(arcPath(0.25, 22, 19), "M22 3A19 19 0 0 1 41.00 22.00");
});

test("three quarters go the long way, and all of it is still a circle", () => {
  assert.match(arcPath(0.75, 22, 19), / 0 1 1 3\.00 22\.00$/);
  assert.doesNotMatch(arcPath(1, 22, 19), / 22\.00 3\.00$/);
  assert.equal(arcPath(7, 22, 19), arcPath(1, 22, 19));
});

test("large counts are shortened, never upward", () => {
  const short = (count: number) => shortCount(count, "vi");
  assert.deepEqual([7, 999, 1000, 1290, 10900, 250000].map(short),
    ["7", "999", "1k", "1,2k", "10k", "250k"]);
  assert.equal(shortCount(1290, "en"), "1.2k");
});

test("the map and the chips give each state the same shape", () => {
  const template = readFileSync("../templates/components/chips.html", "utf8");
  const table = /STATE_SHAPES = \{([^}]*)\}/.exec(template)?.[1] ?? "";
  const rows = Array.from(table.matchAll(/'(\w+)': '(\w+)'/g));
  assert.ok(rows.length >= 15);
  for (const [, state, shape] of rows) assert.equal(shapeOf(state ?? ""), shape, state);
});
