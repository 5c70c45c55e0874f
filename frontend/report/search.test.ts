import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, matches } from "./search.ts";

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
