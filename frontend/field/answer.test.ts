import assert from "node:assert/strict";
import { test } from "node:test";
import { due, lasting, newParcel, refused, tried } from "../parcels/parcel.ts";
import { type Answer, fresh, metresBetween, missing, type Task, walked } from "./answer.ts";
import { ANSWERS } from "./route.ts";

const START = { lon: 103.0, lat: 21.4 };

function task(id: number, lon: number | null, lat: number | null): Task {
  return {
    id, lon, lat, exact: true, category: "Rác", place: "", unit: "", question: "", due: "", due_on: "",
  };
}

const WAITING: Answer = {
  ...newParcel("k", "Rác", "a", "vi", 0), task: 1,
  fields: { finding: "found", note: "20 mét" }, photos: [{ name: "a.jpg", type: "image/jpeg", bytes: new ArrayBuffer(3) }],
};

test("a walk goes on to the nearest place left, and tasks without a place come last", () => {
  const tasks = [task(1, 103.03, 21.401), task(2, null, null), task(3, 103.002, 21.4), task(4, 103.012, 21.402)];
  assert.deepEqual(walked(tasks, START).map(({ id }) => id), [3, 4, 1, 2]);
});

test("a degree of longitude is shorter than one of latitude", () => {
  const north = metresBetween(START, { lon: 103, lat: 21.4097 });
  const east = metresBetween(START, { lon: 103.01, lat: 21.4 });
  assert.ok(east < north && east > 1000);
});

test("a photo and a place, or a reason", () => {
  assert.equal(missing({}, 1), "finding");
  assert.equal(missing({ finding: "found" }, 0), "photo");
  assert.equal(missing({ finding: "found" }, 1), "place");
  assert.equal(missing({ finding: "found", lon: "103" }, 1), null);
  assert.equal(missing({ finding: "found", no_photo_reason: "Trời tối" }, 0), null);
  assert.equal(missing({ finding: "found", no_photo_reason: "  " }, 0), "photo");
});

test("what has arrived leaves nothing but its line, for a day", () => {
  const [sent] = ANSWERS.taken([WAITING], WAITING, {}, 1000) as [Answer];
  assert.deepEqual([sent.fields, sent.photos, sent.state], [{}, [], "sent"]);
  assert.equal(lasting([sent], 1000 + 23 * 3600_000).length, 1);
  assert.equal(lasting([sent, WAITING], 1000 + 25 * 3600_000).length, 1);
});

test("an answer whose fate is unknown keeps everything and goes again later", () => {
  const again = tried(WAITING, 1000);
  assert.deepEqual([again.state, again.key, again.photos.length], ["waiting", "k", 1]);
  assert.equal(due(again, 1001), false);
  assert.equal(due(again, 1000 + 5_000), true);
  assert.equal(refused(WAITING, "Đã có người trả lời").fields["note"], "20 mét");
});

test("tasks are shown for a week without network", () => {
  const kept = { account: "a", at: 0, tasks: [] };
  assert.equal(fresh(kept, 6 * 24 * 3600_000), kept);
  assert.equal(fresh(kept, 8 * 24 * 3600_000), null);
  assert.equal(fresh(undefined, 0), null);
});
