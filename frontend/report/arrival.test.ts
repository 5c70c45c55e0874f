import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attachment } from "../outbox/item.ts";
import { filesTold } from "./arrival.ts";

const file = (kind: Attachment["kind"], more: Partial<Attachment> = {}): Attachment => (
  { kind, sha256: "a", size: 1, type: "", done: true, ...more }
);

test("a voice note is never called a photo", () => {
  const files = [
    file("voice", { problem: "hỏng" }), file("photo", { done: false }), file("photo", { problem: "hỏng" }),
  ];
  assert.deepEqual(filesTold(files), [
    { name: "waiting", values: { count: 1 } },
    { name: "lost", values: { number: 2 } },
    { name: "lost-voice", values: {} },
  ]);
  assert.deepEqual(filesTold([file("voice", { done: false })]), [{ name: "waiting-voice", values: {} }]);
  assert.deepEqual(filesTold([file("photo"), file("voice")]), []);
});
