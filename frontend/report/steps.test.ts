import assert from "node:assert/strict";
import { test } from "node:test";
import { firstStep } from "./steps.ts";

test("the form opens on the first screen with an error, else on the first", () => {
  assert.equal(firstStep([false, true, true]), 1);
  assert.equal(firstStep([false, false, false]), 0);
});
