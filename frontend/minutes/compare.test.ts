import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, readNumber } from "./compare.ts";

test("numbers are read as they are written here", () => {
  const read = (typed: string) => readNumber(typed)?.text ?? null;
  assert.equal(read("0,25"), "0.25");
  assert.equal(read("1.500,5"), "1500.5");
  assert.equal(read("5 000"), "5000");
  assert.equal(read("0.250"), "0.250");
  assert.equal(read("1.500"), null);
  assert.equal(read("1,500.5"), null);
  assert.equal(read("KPH"), null);
  assert.equal(readNumber("< 0,05")?.below, true);
});

test("a value is held to both ends of its limit", () => {
  assert.deepEqual(compare("240", "", "100"), { over: true, times: "2,4" });
  assert.deepEqual(compare("100", "", "100"), { over: false, times: "" });
  assert.deepEqual(compare("4,5", "5.5", "9"), { over: true, times: "" });
  assert.deepEqual(compare("<0,5", "", "0.1"), { over: false, times: "" });
  assert.equal(compare("240", "", ""), null);
});
