import assert from "node:assert/strict";
import { test } from "node:test";
import { nextRow } from "./keys.ts";

test("j and k stay inside the list", () => {
  assert.equal(nextRow(-1, "j", 3), 0);
  assert.equal(nextRow(2, "j", 3), 2);
  assert.equal(nextRow(0, "k", 3), 0);
  assert.equal(nextRow(2, "k", 3), 1);
  assert.equal(nextRow(-1, "j", 0), -1);
});
