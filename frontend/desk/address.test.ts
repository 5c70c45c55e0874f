import assert from "node:assert/strict";
import { test } from "node:test";
import { isNarrowed } from "./address.ts";

test("a tab and a later page are no filters, everything else is one", () => {
  for (const search of ["", "?tab=vu-viec", "?tab=vu-viec&cursor=abc", "?tab=phan-anh&state="]) {
    assert.ok(!isNarrowed(search), search);
  }
  for (const search of ["?due=overdue", "?tab=vu-viec&words=r%C3%A1c"]) assert.ok(isNarrowed(search), search);
});
