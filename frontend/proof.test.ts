import assert from "node:assert/strict";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import { tokenOfDay } from "./device_token.ts";
import { shownTitle } from "./push.ts";
import { type Challenge, solve } from "./proof.ts";

const nonce = "000102030405060708090a0b0c0d0e0f";
const salt = "101112131415161718191a1b1c1d1e1f";

function keyOf(counter: number, cost: number): string {
  const number = Buffer.alloc(4);
  number.writeUInt32BE(counter);
  const password = Buffer.concat([Buffer.from(nonce, "hex"), number]);
  return pbkdf2Sync(password, Buffer.from(salt, "hex"), cost, 32, "sha256").toString("hex");
}

function challengeOf(counter: number, algorithm = "PBKDF2/SHA-256"): Challenge {
  const keyPrefix = keyOf(counter, 10).slice(0, 32);
  return {
    parameters: { algorithm, cost: 10, keyLength: 32, keyPrefix, nonce, salt },
    signature: createHmac("sha256", "x").update(keyPrefix).digest("hex"),
  };
}

test("the number that was drawn is found, and sent with the challenge as it came", async () => {
  const challenge = challengeOf(57);
  const proof = JSON.parse(atob((await solve(challenge)) ?? ""));
  assert.deepEqual(proof.challenge, challenge);
  assert.equal(proof.solution.counter, 57);
  assert.equal(proof.solution.derivedKey, keyOf(57, 10));
});

test("another kind of challenge is not computed", async () => {
  assert.equal(await solve(challengeOf(3, "SCRYPT")), null);
});

test("a search nobody wants any more ends", async () => {
  let asked = 0;
  assert.equal(await solve(challengeOf(90), () => (asked += 1) < 5), null);
  assert.equal(asked, 5);
});

test("a phone has one token a day", () => {
  const monday = tokenOfDay(null, new Date("2026-03-02T10:00:00Z"));
  assert.match(monday.token, /^[0-9a-f]{48}$/);
  assert.equal(tokenOfDay(monday, new Date("2026-03-02T23:00:00Z")).token, monday.token);
  assert.notEqual(tokenOfDay(monday, new Date("2026-03-03T00:00:01Z")).token, monday.token);
});

test("a lock screen shows our line and nothing else", () => {
  assert.equal(shownTitle("Mắt Xanh: có cập nhật"), "Mắt Xanh: có cập nhật");
  assert.equal(shownTitle("Mắt Xanh: there is an update\nRác ở bản Bua"), "Mắt Xanh: there is an update");
  for (const other of ["Rác ở bản Bua", "", `Mắt Xanh ${"x".repeat(80)}`]) {
    assert.equal(shownTitle(other), "Mắt Xanh");
  }
});
