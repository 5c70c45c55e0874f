import assert from "node:assert/strict";
import { test } from "node:test";
import { sidesOf } from "./pair_map.ts";

test("the northern place carries its name above it, also where both are one", () => {
  assert.deepEqual(sidesOf({ lat: 21.5 }, { lat: 21.4 }), ["top", "bottom"]);
  assert.deepEqual(sidesOf({ lat: 21.4 }, { lat: 21.5 }), ["bottom", "top"]);
  assert.deepEqual(sidesOf({ lat: 21.4 }, { lat: 21.4 }), ["top", "bottom"]);
});
