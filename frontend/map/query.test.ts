import assert from "node:assert/strict";
import { test } from "node:test";
import { boxText, filtersOf, mapAddress, pageAddress, setFilters, snappedBox, viewOf, viewText } from "./query.ts";

const NA_TAU = { west: 103.01, south: 21.38, east: 103.07, north: 21.43 };

test("the box is written longitude first", () => {
  assert.equal(boxText(NA_TAU), "103.01,21.38,103.07,21.43");
});

test("the snapped box holds the whole view and little more", () => {
  const snapped = snappedBox(NA_TAU, 12);
  const step = 360 / 2 ** 12 / 4;
  assert.ok(snapped.west <= NA_TAU.west && snapped.west > NA_TAU.west - step);
  assert.ok(snapped.north >= NA_TAU.north && snapped.north < NA_TAU.north + step);
  assert.deepEqual(snappedBox(snapped, 12), snapped);
});

test("a small move asks for the same address", () => {
  const moved = { ...NA_TAU, west: NA_TAU.west + 0.0001, east: NA_TAU.east + 0.0001 };
  assert.equal(
    mapAddress("/api/v1/map", NA_TAU, 12, []), mapAddress("/api/v1/map", moved, 12, []),
  );
});

test("the box never leaves the world", () => {
  const snapped = snappedBox({ west: -200, south: -95, east: 200, north: 95 }, 0);
  assert.deepEqual([snapped.west, snapped.east], [-180, 180]);
  assert.ok(snapped.north < 86 && snapped.south > -86);
});

test("empty filters are left out, others reach the address", () => {
  const filters = setFilters([["category", "p_water"], ["state", ""], ["file", {}]]);
  assert.deepEqual(filters, [["category", "p_water"]]);
  const address = mapAddress("/api/v1/map", NA_TAU, 11.6, filters);
  assert.match(address, /^\/api\/v1\/map\?category=p_water&bbox=[\d.,]+&zoom=12$/);
});

test("what an endpoint always asks stands before the filters", () => {
  const address = mapAddress("/api/v1/map?results=1", NA_TAU, 12, [["q", "rác chợ"]]);
  assert.match(address, /^\/api\/v1\/map\?results=1&q=r%C3%A1c\+ch%E1%BB%A3&bbox=[\d.,]+&zoom=12$/);
});

test("the place where a list goes on is no filter", () => {
  assert.deepEqual(filtersOf("?q=rac&unit=&after=VV1"), [["q", "rac"]]);
  assert.deepEqual(filtersOf(""), []);
});

test("an address remembers filters and view", () => {
  const view = { lat: 21.4, lon: 103.0, zoom: 12 };
  const address = pageAddress("/vu-viec", [["overdue", "1"]], view);
  assert.equal(address, "/vu-viec?overdue=1#map=12/21.40000/103.00000");
  assert.deepEqual(viewOf(viewText(view)), view);
});

test("a false view is not taken", () => {
  for (const hash of ["", "#K7QF2M9A", "#map=12/103.0/21.4", "#map=40/21.4/103.0", "#map=a/b/c"]) {
    assert.equal(viewOf(hash), null, hash);
  }
});
