import assert from "node:assert/strict";
import { test } from "node:test";
import { addPhotos } from "./photos.ts";

const photo = (name: string) => ({ name, size: 10, lastModified: 1 });

test("photos add up, the same one once", () => {
  const { photos, over } = addPhotos([photo("suối.jpg")], [photo("suối.jpg"), photo("rác.jpg")], 5);
  assert.deepEqual(photos.map((each) => each.name), ["suối.jpg", "rác.jpg"]);
  assert.equal(over, false);
});

test("what goes over the limit is left out and told", () => {
  const many = Array.from({ length: 7 }, (_none, index) => photo(`${index}.jpg`));
  const { photos, over } = addPhotos([], many, 5);
  assert.equal(photos.length, 5);
  assert.equal(over, true);
});

test("a full list with one photo chosen again is not over", () => {
  const five = Array.from({ length: 5 }, (_none, index) => photo(`${index}.jpg`));
  assert.equal(addPhotos(five, [photo("3.jpg")], 5).over, false);
});
