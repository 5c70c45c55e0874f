import assert from "node:assert/strict";
import { test } from "node:test";
import { sidesOf } from "./pair_map.ts";

test("the western place carries its name on its west, also where both are one", () => {
  assert.deepEqual(sidesOf({ lon: 103.1 }, { lon: 103.2 }), ["left", "right"]);
  assert.deepEqual(sidesOf({ lon: 103.2 }, { lon: 103.1 }), ["right", "left"]);
  assert.deepEqual(sidesOf({ lon: 103.1 }, { lon: 103.1 }), ["left", "right"]);
});
