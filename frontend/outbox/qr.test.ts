import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { qrOf } from "./qr.ts";

const TEXT = "https://vi.du/tra-cuu#K7QF2M9A3XT5R8WD".repeat(4);
// Length, mask, digest of the rows as segno 1.6 draws them. Each text fills its version to the last byte.
const KNOWN: [number, number, string][] = [
  [14, 0, "fec8c0d99a9c4b4b"], [14, 3, "2ee4bc2ac249b05a"], [14, 5, "0857f6a240ff4797"],
  [14, 7, "610230add20d6736"], [26, 0, "cd568c85a686487e"], [26, 3, "24b2e594e4c8ed02"],
  [26, 5, "a2d3134675290c6d"], [26, 7, "214e53cc11af52a8"], [42, 0, "4e604dcde9a71db3"],
  [42, 3, "c506a8b0984a6231"], [42, 5, "e12d40268f63fc6a"], [42, 7, "4706067a65ed1424"],
  [62, 0, "c4e2d2876cd576ed"], [62, 3, "3ae59df70e54141c"], [62, 5, "c6656815bbf63230"],
  [62, 7, "cefded40c5e053c1"], [84, 0, "fd7f88a9c489b9bb"], [84, 3, "3da038724e72fb60"],
  [84, 5, "d5647c5fa0ad6e64"], [84, 7, "4f0820d5688cd4f7"], [106, 0, "676e6111f0265bf4"],
  [106, 3, "1e48e084a11f1c2c"], [106, 5, "84db42e866d74a66"], [106, 7, "6821c1101a6186b3"],
];

const rowsOf = (text: string, mask?: number) =>
  qrOf(text, mask)?.map((row) => row.map((dark) => (dark ? "1" : "0")).join("")).join("\n") ?? "";

test("every version is drawn as another library draws it", () => {
  for (const [length, mask, digest] of KNOWN) {
    const made = createHash("sha256").update(rowsOf(TEXT.slice(0, length), mask)).digest("hex");
    assert.equal(made.slice(0, 16), digest, `${length} bytes, mask ${mask}`);
  }
});

test("the smallest version that has room is taken; too long a text has none", () => {
  assert.equal(qrOf("x".repeat(15))?.length, 25);
  assert.equal(qrOf("x".repeat(107)), null);
});
