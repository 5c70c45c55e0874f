// The receipt of a report that was sent without the outbox: copy, print, keep as a picture.
import { offerCode } from "./outbox/receipt.ts";
import { find } from "./page.ts";

const card = find("[data-receipt-code]");
const code = (card && find("[data-code]", card)?.textContent) ?? "";
if (card && code) offerCode(card, code.replace(/\s/g, ""), card.dataset["receiptCode"] ?? "");
