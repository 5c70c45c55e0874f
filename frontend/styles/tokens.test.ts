import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SHEET = readFileSync("styles/_tokens.scss", "utf8");

function palette(name: string): Map<string, string> {
  const block = new RegExp(`@mixin ${name} \\{([^}]*)\\}`).exec(SHEET)?.[1] ?? "";
  return new Map(Array.from(block.matchAll(/--mx-([\w-]+): (#[0-9a-f]{6});/g),
    ([, token, colour]) => [token ?? "", colour ?? ""]));
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["paper", "card", "sunk", "tint"];
// Every text on every ground it is set on.
const TEXT_PAIRS: [string, string][] = [
  ...["ink", "muted", "link", "overdue"].flatMap((text) =>
    GROUNDS.map((ground): [string, string] => [text, ground])),
  ...["paper", "card"].flatMap((ground): [string, string][] => [["info", ground], ["soon", ground]]),
  ["on-primary", "primary"], ["on-primary", "primary-hover"],
  ["info", "info-tint"], ["soon", "soon-tint"], ["overdue", "overdue-tint"],
];
// Edges of controls and the ring of the focus: 3:1 (WCAG 1.4.11).
const EDGE_PAIRS: [string, string][] = ["paper", "card"].flatMap((ground): [string, string][] =>
  [["edge", ground], ["focus", ground]]);

for (const name of ["light", "dark"]) {
  const colours = palette(name);
  const measure = (one: string, other: string) =>
    contrast(colours.get(one) ?? "#000000", colours.get(other) ?? "#000000");

  test(`${name}: every text stands out from its ground by 4.5:1`, () => {
    for (const [text, ground] of TEXT_PAIRS) {
      const ratio = measure(text, ground);
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`${name}: edges and focus stand out by 3:1`, () => {
    for (const [edge, ground] of EDGE_PAIRS) {
      const ratio = measure(edge, ground);
      assert.ok(ratio >= 3, `${edge} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });
}

test("the light palette is the one agreed", () => {
  const colours = palette("light");
  const agreed = {
    ink: "#17211b", paper: "#fafaf7", line: "#d9ded9", primary: "#0b6b3a", "primary-hover": "#08562e",
    tint: "#e6f2ea", info: "#1d5fa8", soon: "#8a5a00", "soon-tint": "#fff4db",
    overdue: "#a8201a", "overdue-tint": "#fdecea",
  };
  for (const [token, colour] of Object.entries(agreed)) assert.equal(colours.get(token), colour, token);
});
