// The Content-Security-Policy forbids what these tests look for, and a browser only says so to
// whoever opens its console.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = "../templates";
// Letters and mails are no pages: they never meet the policy.
const NO_PAGES = /^(emails|documents)\//;

const FORBIDDEN: [string, RegExp][] = [
  ["a style attribute", /<[a-z][^>]*\sstyle\s*=/i],
  ["a style element", /<style[\s>]/i],
  ["an inline script", /<script(?![^>]*\ssrc=)[^>]*>/i],
  ["an on… handler", /<[a-z][^>]*\son[a-z]+\s*=/i],
  ["a javascript: address", /(?:href|action)="javascript:/i],
  ["an asset of another host", /(?:src|href|action)="(?:https?:)?\/\//i],
];

function breaches(template: string): string[] {
  return FORBIDDEN.filter(([, pattern]) => pattern.test(template)).map(([name]) => name);
}

test("the search finds each breach", () => {
  const planted = [
    '<p style="color:red">', "<style>p{}</style>", "<script>x()</script>", '<a onclick="x()">',
    '<a href="javascript:x()">', '<script src="https://example.org/x.js" defer>',
  ];
  planted.forEach((template, index) =>
    assert.ok(breaches(template).includes(FORBIDDEN[index]?.[0] ?? ""), template));
  assert.deepEqual(breaches('<script defer src="/x.js"></script><svg><rect width="3"></rect></svg>'), []);
});

test("no page template holds what the policy forbids", () => {
  const names = readdirSync(ROOT, { recursive: true }).map(String)
    .filter((name) => name.endsWith(".html") && !NO_PAGES.test(name));
  assert.ok(names.length > 10);
  for (const name of names) {
    assert.deepEqual(breaches(readFileSync(join(ROOT, name), "utf8")), [], name);
  }
});
