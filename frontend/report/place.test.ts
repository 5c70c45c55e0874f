import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, photoWords, roundedMetres } from "./place.ts";

test("accuracy is said in round metres and never better than it is", () => {
  assert.deepEqual([3, 10, 23, 180, 1340].map(roundedMetres), [10, 10, 30, 200, 2000]);
});

test("a cell tower's guess asks for a correction, a fix in the open ends the search", () => {
  assert.equal(judge(12), "good");
  assert.equal(judge(25.5), "usable");
  assert.equal(judge(500), "usable");
  assert.equal(judge(1500), "coarse");
});

test("the photo's place is said to be in the form only while it is", () => {
  assert.equal(photoWords("photo"), "inside");
  assert.equal(photoWords("gps"), "inside-other");
  assert.equal(photoWords("map"), "inside-other");
});
