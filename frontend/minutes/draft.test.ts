import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Draft, PAUSE_MS } from "./draft.ts";

const TYPED = { observed: "Nước đen chảy từ cống ra suối." };
let kept: Map<string, string>, draft: Draft, told: number[];

beforeEach(() => {
  kept = new Map();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  draft = new Draft(storage as unknown as Storage, "3f");
  told = [];
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 5_000 });
});

const type = () => draft.keepSoon(() => TYPED, (at) => told.push(at));

test("what was typed is kept once nobody types for a moment", () => {
  type();
  mock.timers.tick(PAUSE_MS - 1);
  type();
  mock.timers.tick(PAUSE_MS - 1);
  assert.equal(draft.read(), null);
  mock.timers.tick(1);
  const at = 5_000 + 2 * PAUSE_MS - 1;
  assert.deepEqual([draft.read(), told], [{ at, values: TYPED }, [at]]);
});

test("minutes that arrived at once leave no draft behind them", () => {
  type();
  draft.forget();
  mock.timers.tick(PAUSE_MS);
  assert.deepEqual([draft.read(), told], [null, []]);
});

test("what is kept as it is sent is not kept once more, under a later time", () => {
  type();
  mock.timers.tick(1);
  draft.keep(TYPED);
  mock.timers.tick(PAUSE_MS);
  assert.deepEqual([draft.read()?.at, told], [5_001, []]);
});
