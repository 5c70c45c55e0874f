import assert from "node:assert/strict";
import { test } from "node:test";
import type { MapFeature } from "./features.ts";
import { spaced } from "./spacing.ts";

const cluster = (lon: number, lat: number, count: number, overdue = 0): MapFeature => ({
  type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] },
  properties: { cluster: true, count, overdue, bbox: [lon - 1, lat - 1, lon + 1, lat + 1] },
});
const single = (lon: number, lat: number): MapFeature => ({
  type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] },
  properties: { cluster: false, case_code: `VV${lon}`, category: "dumping", state: "received", overdue: true, title: "" },
});
const spot = ({ geometry }: MapFeature) => ({ x: geometry.coordinates[0] ?? 0, y: geometry.coordinates[1] ?? 0 });

test("clusters that cover each other are one, with all that both count", () => {
  const [one, ...rest] = spaced([cluster(0, 0, 3, 1), cluster(20, 8, 1, 1)], spot, 28);
  assert.equal(rest.length, 0);
  assert.deepEqual(one?.geometry.coordinates, [5, 2]);
  assert.deepEqual(one?.properties, { cluster: true, count: 4, overdue: 2, bbox: [-1, -1, 21, 9] });
});

test("a case beside a cluster goes into it, two cases stay two", () => {
  assert.equal(spaced([cluster(0, 0, 3), single(9, 9)], spot, 28).length, 1);
  assert.equal(spaced([single(0, 0), single(9, 9)], spot, 28).length, 2);
});

test("a place is worked out once, cases alone need none", () => {
  let asked = 0;
  const counted = (feature: MapFeature) => { asked += 1; return spot(feature); };
  const cases = Array.from({ length: 50 }, (_, number) => single(number, 0));
  assert.equal(spaced(cases, counted, 28).length, 50);
  assert.equal(asked, 0);
  const clusters = Array.from({ length: 50 }, (_, number) => cluster(number * 30, 0, 2));
  assert.equal(spaced(clusters, counted, 28).length, 50);
  assert.equal(asked, 50);
});

test("what is far enough in one direction stays apart", () => {
  assert.equal(spaced([cluster(0, 0, 3), cluster(28, 0, 1), cluster(0, 40, 1)], spot, 28).length, 3);
});
