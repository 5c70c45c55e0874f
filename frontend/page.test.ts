import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "./page.ts";

test("a sentence takes its values and keeps what it does not know", () => {
  assert.equal(fill("Bước {step} trên {count}", { step: 2, count: 3 }), "Bước 2 trên 3");
  assert.equal(fill("{other}", { step: 2 }), "{other}");
});
