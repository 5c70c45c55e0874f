import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, matches, unitsLike } from "./search.ts";

test("folding drops marks and knows đ, composed or not", () => {
  assert.equal(fold("Đốt RƠM rạ"), "dot rom ra");
  assert.equal(fold("Đốt".normalize("NFD")), fold("Đốt".normalize("NFC")));
});

test("words are found with and without diacritics, in any order, from their beginning", () => {
  const entry = "Loa, karaoke ồn · loa kẹo kéo";
  assert.ok(matches("loa kẹo kéo", entry));
  assert.ok(matches("keo loa", entry));
  assert.ok(matches("karao", entry));
  assert.ok(!matches("oke", entry));
  assert.ok(!matches("loa rác", entry));
});

test("an empty question keeps everything", () => {
  assert.ok(matches("  ", "Rác"));
});

const UNITS = [
  { value: "gso-2025:03316", name: "Xã Nà Tấu", former: ["Xã Nà Tấu", "Xã Nà Nhạn"] },
  { value: "gso-2025:03325", name: "Xã Mường Phăng", former: ["Xã Pá Khoang", "Xã Đông Hồ"] },
];

test("a commune is found by today's name and by a name it had, with or without marks", () => {
  assert.deepEqual(unitsLike("na tau", UNITS).map((unit) => [unit.value, unit.by]), [["gso-2025:03316", ""]]);
  assert.deepEqual(unitsLike("dong ho", UNITS).map((unit) => unit.by), ["Xã Đông Hồ"]);
  assert.deepEqual(unitsLike("Pá Khoang", UNITS).map((unit) => unit.value), ["gso-2025:03325"]);
  assert.deepEqual(unitsLike("x", UNITS), []);
});
