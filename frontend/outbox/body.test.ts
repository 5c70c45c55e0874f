import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf } from "./body.ts";
import { FIELDS } from "./fake_server.ts";

test("the body is the contract's JSON", () => {
  const body = JSON.parse(bodyOf({
    ...FIELDS, unit: "gso-2025:03325", place_note: " Sau chợ ", households_affected: "12", to_province: false,
    on_behalf: true, channel: "phone", csrf_token: "x", idempotency_key: "y", nature: "",
  }, [{ kind: "photo", sha256: "a", size: 1, type: "image/jpeg", done: false, taken_at: "2026-03-01T07:30" }])) as object;
  assert.deepEqual(body, {
    category: "p_waste", description: "Rác đổ cạnh cầu treo", consent: true, to_province: false,
    place_note: "Sau chợ", households_affected: 12,
    location: { lon: 103.0205, lat: 21.3895, source: "gps" },
    unit: { code_system: "gso-2025", code: "03325" }, contact: { phone: "0912 345 678" },
    on_behalf_of: true, channel: "phone",
    photos: [{ sha256: "a", size: 1, type: "image/jpeg", taken_at: "2026-03-01T07:30" }],
  });
});
