import assert from "node:assert/strict";
import { test } from "node:test";
import { commandOf, isSending, nextRow } from "./keys.ts";

test("steps stay inside the list", () => {
  assert.equal(nextRow(-1, "next", 3), 0);
  assert.equal(nextRow(2, "next", 3), 2);
  assert.equal(nextRow(0, "previous", 3), 0);
  assert.equal(nextRow(2, "previous", 3), 1);
  assert.equal(nextRow(-1, "next", 0), -1);
});

test("g makes the next key a place to go to, for a moment", () => {
  assert.equal(commandOf("v", 1_000, 1_400), "cases");
  assert.equal(commandOf("j", 1_000, 1_400), null);
  assert.equal(commandOf("j", 1_000, 9_000), "next");
});

test("digits are the other steps, unknown keys are nothing", () => {
  assert.equal(commandOf("7", -Infinity, 0), "other");
  assert.equal(commandOf("0", -Infinity, 0), null);
  assert.equal(commandOf("q", -Infinity, 0), null);
});

test("ctrl and enter send the step only from inside its form", () => {
  const press = (inside: boolean, more: object = {}) => isSending({
    key: "Enter", ctrlKey: true, metaKey: false, isComposing: false,
    target: { closest: () => (inside ? {} : null) }, ...more,
  } as unknown as KeyboardEvent);
  assert.equal(press(true), true);
  assert.equal(press(false), false);
  assert.equal(press(true, { ctrlKey: false }), false);
  assert.equal(press(true, { isComposing: true }), false);
});
