// The results of a bulk job come in by themselves: the part that changes is fetched anew until the
// job is done. Without this script a link loads the page again.
import { find, refill } from "./page.ts";

const EVERY_MS = 2_000;

async function renew(part: HTMLElement): Promise<void> {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = find("[data-bulk-result]", page);
  if (!answer.ok || !fresh) return;
  part.dataset["done"] = fresh.dataset["done"] ?? "";
  refill(part, Array.from(fresh.childNodes, (node) => document.importNode(node, true)));
}

async function follow(part: HTMLElement): Promise<void> {
  // What fails once, for a lost line, is asked again.
  if (!document.hidden) await renew(part).catch(() => undefined);
  if (part.dataset["done"] !== "true") setTimeout(() => void follow(part), EVERY_MS);
}

const part = find("[data-bulk-result]");
if (part && part.dataset["done"] !== "true") setTimeout(() => void follow(part), EVERY_MS);
