// The receipt of a report that was sent without the outbox: copy, print, keep as a picture. What the
// phone had kept of it while it was written goes: the server has it.
import { forgetSent } from "./outbox/bypass.ts";
import { offerCode } from "./outbox/receipt.ts";
import { find } from "./page.ts";

const card = find("[data-receipt-code]");
const code = (card && find("[data-code]", card)?.textContent) ?? "";
const key = find("[data-sent-key]")?.dataset["sentKey"] ?? "";
if (key && window.mxOutbox) void forgetSent(window.mxOutbox, key).catch(() => undefined);
if (card && code) offerCode(card, code.replace(/\s/g, ""), card.dataset["receiptCode"] ?? "");
