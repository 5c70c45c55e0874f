import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceOf } from "./advice.ts";

const known = new Map([["hazardous", "a"], ["hazardous.oil", "b"]]);

test("the finer choice has its own words, else those above it", () => {
  assert.equal(adviceOf("hazardous.oil", known), "b");
  assert.equal(adviceOf("hazardous.chemical", known), "a");
  assert.equal(adviceOf("noise", known), undefined);
});
