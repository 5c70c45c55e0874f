import assert from "node:assert/strict";
import { test } from "node:test";
import type { MapFeature } from "./features.ts";
import { boxOfAll } from "./finds.ts";

const at = (lon: number, lat: number, properties: object): MapFeature => ({
  type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties,
}) as MapFeature;

test("nothing found has no box", () => {
  assert.equal(boxOfAll([]), null);
});

test("the box holds every case and the whole of every cluster", () => {
  const found = boxOfAll([
    at(103.02, 21.38, { cluster: false }),
    at(103.2, 21.5, { cluster: true, bbox: [103.1, 21.45, 103.3, 21.55] }),
  ]);
  assert.deepEqual(found, { west: 103.02, south: 21.38, east: 103.3, north: 21.55 });
});
