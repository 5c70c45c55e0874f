import assert from "node:assert/strict";
import { test } from "node:test";
import { newParcel, refused, tried } from "../parcels/parcel.ts";
import { VISITS } from "./route.ts";
import { added, bodyOf, follows, freshFiles, newestOf, type Visit } from "./visit.ts";

const FIELDS = {
  started_at: "2026-03-01T08:30", ended_at: "", place: "Bản Che Căn", observed: "Nước thải ra suối.",
  "measured-0-parameter": "", "measured-0-value": " ", "measured-2-parameter": "BOD5", "measured-2-value": "240",
};

function visit(key: string, version = 3, file = "f"): Visit {
  return {
    ...newParcel(key, "Mường Thanh", "a", "vi", 0), file, version, typedAt: 0, fields: FIELDS, problems: {},
  };
}

test("only rows that hold anything go out, and what was left open is null", () => {
  const body = JSON.parse(bodyOf(visit("k"))) as Record<string, unknown>;
  assert.deepEqual([body["file"], body["version"], body["ended_at"]], ["f", 3, null]);
  assert.deepEqual(body["measured"], [
    { parameter: "BOD5", value: "240", unit: "", lowest: "", highest: "", sampled_at: "" },
  ]);
});

test("the server's words stand by the row as it was typed", () => {
  const problem = { type: "/loi/invalid", detail: "Có chỗ cần sửa.", fields: { "measured-0-value": "Xin ghi số.", place: "Thiếu." } };
  const told = VISITS.told?.(refused(visit("k"), problem.detail), problem);
  assert.deepEqual(told?.problems, { "measured-2-value": "Xin ghi số.", place: "Thiếu." });
});

test("minutes written anew take the place of those that cannot have arrived", () => {
  assert.deepEqual(added([visit("1"), visit("2", 3, "other")], visit("3")).map(({ key }) => key), ["2", "3"]);
  assert.deepEqual(added([refused(visit("1"), "Sai")], visit("3")).map(({ key }) => key), ["3"]);
});

test("after minutes whose fate is unknown the next wait, and go on from what they became", () => {
  const both = added([tried(visit("1"), 0)], visit("2"));
  assert.deepEqual(both.map(({ key }) => key), ["1", "2"]);
  assert.deepEqual(both.map((each) => follows(both, each)), [false, true]);
  const [first, second] = VISITS.taken(both, both[0] as Visit, { version: 4 }, 1000) as [Visit, Visit];
  assert.deepEqual([first.state, first.fields, second.state, second.version], ["sent", {}, "waiting", 4]);
  assert.equal(newestOf([first, second], "f"), second);
});

test("files are shown for a week without network", () => {
  const kept = { account: "a", at: 0, files: [] };
  assert.equal(freshFiles(kept, 6 * 24 * 3600_000), kept);
  assert.equal(freshFiles(kept, 8 * 24 * 3600_000), null);
});
