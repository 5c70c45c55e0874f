import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf } from "./preview.ts";

const waste = { code: "p_waste", what: "Rác", unit: "Xã Mường Phăng", phone: false };

test("what never goes on a public page says so, whatever else was chosen", () => {
  assert.equal(kindOf({ ...waste, code: "dispute", phone: true }, ["dispute", "idea"]), "never");
});

test("who lets the office have the phone number reads that it will know it", () => {
  assert.equal(kindOf({ ...waste, phone: true }, ["dispute"]), "phone");
  assert.equal(kindOf(waste, ["dispute"]), "shown");
});
