import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { foundIn, type Rule, sentence } from "./warnings.ts";

const TABLE = readFileSync("../webapp/reporting/data/private_words.toml", "utf8");
const SAMPLES = JSON.parse(readFileSync("../tests/reporting/private_words.json", "utf8")) as
  [string, string[]][];

function cell(name: string, part: string): string {
  return new RegExp(`^${name} = "(.*)"$`, "m").exec(part)?.[1] ?? "";
}

// The server's own table, its letters put in as the server does.
const RULES: Rule[] = TABLE.split("[[rule]]").slice(1).map((part) => ({
  label: cell("code", part),
  pattern: cell("pattern", part).split("{U}").join(cell("capital", TABLE))
    .split("{L}").join(cell("letter", TABLE)),
}));

test("the browser finds what the server finds", () => {
  assert.equal(RULES.length, 4);
  for (const [text, expected] of SAMPLES) {
    assert.deepEqual(foundIn(text, RULES).map((each) => `${each.label}:${each.words}`), expected, text);
  }
});

test("each kind is named once, each finding as it was written", () => {
  const found = [
    { label: "tên người", words: "bà Tư" }, { label: "tên người", words: "anh Páo" },
  ];
  assert.equal(sentence("Có {what}: {words}.", found), "Có tên người: bà Tư; anh Páo.");
});
