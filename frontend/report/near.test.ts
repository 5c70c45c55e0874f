import assert from "node:assert/strict";
import { test } from "node:test";
import { distanceKind, nearUrl } from "./near.ts";

test("the address tells a place to a hundred metres only, longitude by name", () => {
  const url = nearUrl("/near", { lon: 103.117283, lat: 21.457619 }, "p_waste");
  assert.equal(url, "/near?lon=103.117&lat=21.458&category=p_waste");
});

test("what stands for a square is within it, what is exact is around", () => {
  assert.equal(distanceKind({ distance_m: 250, precision_m: 1000 }), "within");
  assert.equal(distanceKind({ distance_m: 100, precision_m: 100 }), "around");
});

test("what is no step away is here, not so many metres away", () => {
  assert.equal(distanceKind({ distance_m: 50, precision_m: 100 }), "here");
  assert.equal(distanceKind({ distance_m: 50, precision_m: 1000 }), "within");
});
