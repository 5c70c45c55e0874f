import assert from "node:assert/strict";
import { test } from "node:test";
import { placeIn } from "./exif.ts";

/** "Exif" and a TIFF with one GPS table: 21° 28' 15.6" and 103° 9' 3.6". */
function sample(letters: [string, string]): Uint8Array {
  const view = new DataView(new ArrayBuffer(300));
  const put = (text: string, at: number) =>
    Array.from(text).forEach((mark, n) => view.setUint8(at + n, mark.charCodeAt(0)));
  put("Exif\0\0MM", 20);
  const tiff = 26;
  const entry = (at: number, tag: number, value: number) => {
    view.setUint16(tiff + at, tag);
    view.setUint32(tiff + at + 8, value);
  };
  view.setUint32(tiff + 4, 8);
  view.setUint16(tiff + 8, 1);
  entry(10, 0x8825, 30);
  view.setUint16(tiff + 30, 4);
  entry(32, 1, 0);
  put(letters[0], tiff + 40);
  entry(44, 2, 100);
  entry(56, 3, 0);
  put(letters[1], tiff + 64);
  entry(68, 4, 130);
  [21, 1, 28, 1, 156, 10].forEach((part, n) => view.setUint32(tiff + 100 + 4 * n, part));
  [103, 1, 9, 1, 36, 10].forEach((part, n) => view.setUint32(tiff + 130 + 4 * n, part));
  return new Uint8Array(view.buffer);
}

test("reads north and east", () => {
  const place = placeIn(sample(["N", "E"]));
  assert.ok(place);
  assert.ok(Math.abs(place.lat - 21.471) < 1e-9 && Math.abs(place.lon - 103.151) < 1e-9);
});

test("south and west are negative", () => {
  const place = placeIn(sample(["S", "W"]));
  assert.ok(place && place.lat < 0 && place.lon < 0);
});

test("a photo without a place has none", () => {
  assert.equal(placeIn(new Uint8Array(64)), null);
});

test("a table that ends too soon has none", () => {
  assert.equal(placeIn(sample(["N", "E"]).slice(0, 90)), null);
});
