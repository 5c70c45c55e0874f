import assert from "node:assert/strict";
import { test } from "node:test";
import { chromeAddress } from "./other_browser.ts";
import { clock, plainType } from "./voice.ts";

test("Android opens the same page in Chrome", () => {
  const page = { protocol: "https:", host: "vi.du", pathname: "/gui-phan-anh" };
  assert.equal(chromeAddress(page), "intent://vi.du/gui-phan-anh#Intent;scheme=https;package=com.android.chrome;end");
});

test("a voice note is named without its codec, its length as a clock shows it", () => {
  assert.equal(plainType("audio/webm;codecs=opus"), "audio/webm");
  assert.equal(clock(7), "0:07");
  assert.equal(clock(60), "1:00");
});
