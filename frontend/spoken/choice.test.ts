import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenLink } from "./choice.ts";

const links = ["tay", "mong"].map((language) => ({ dataset: { spokenIn: language } }));

test("the remembered language is played", () => {
  assert.equal(chosenLink(links, "mong"), links[1]);
});

test("with several and none remembered the resident chooses first", () => {
  assert.equal(chosenLink(links, ""), null);
  assert.equal(chosenLink(links, "dao"), null);
});

test("the only recording needs no choice", () => {
  assert.equal(chosenLink(links.slice(0, 1), "dao"), links[0]);
});
