// The tracking page and the receipt drawn by the server: the offer to be told on this phone.
import { find } from "./page.ts";
import { offerNotices } from "./phone_notices.ts";

const panel = find("[data-notices]");
if (panel) offerNotices(panel);
