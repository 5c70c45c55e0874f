import assert from "node:assert/strict";
import { test } from "node:test";
import { isRecord } from "./panel.ts";

test("pages of one record belong into the panel, all others do not", () => {
  for (const path of [
    "/can-bo/phan-anh/PA9YASWFF", "/can-bo/vu-viec/VV0000001/buoc/assess",
    "/en/can-bo/vu-viec/VV0000001",
  ]) assert.ok(isRecord(path), path);
  for (const path of ["/can-bo/hang-doi", "/can-bo/kien-nghi/abc", "/vu-viec/VV0000001", "/"]) {
    assert.ok(!isRecord(path), path);
  }
});
