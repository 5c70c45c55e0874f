// The strip at the top of a page: how many reports wait in this phone, and why.
import { fill, find, textOf } from "../page.ts";
import type { Outbox } from "./engine.ts";
import { type Item, pending } from "./item.ts";

type Kind = "refused" | "account" | "files" | "waiting";

/** What matters most of all that waits, and how much it is; null when nothing does. */
export function summary(items: Item[]): { kind: Kind; count: number } | null {
  const refused = items.filter((item) => item.state === "refused");
  if (refused.length) return { kind: "refused", count: refused.length };
  const waiting = items.filter(pending);
  if (waiting.length === 0) return null;
  if (waiting.every((item) => item.hold === "account")) return { kind: "account", count: waiting.length };
  if (waiting.every((item) => item.state === "files")) return { kind: "files", count: waiting.length };
  return { kind: "waiting", count: waiting.filter((item) => item.state !== "files").length };
}

export function showStrip(outbox: Outbox, strip: HTMLElement): void {
  const words = find("a", strip);
  const show = async () => {
    const told = summary(await outbox.store.all());
    strip.hidden = told === null;
    if (words && told) words.textContent = fill(textOf(strip, told.kind), { count: told.count });
  };
  outbox.listen(() => void show().catch(() => undefined));
  void show().catch(() => undefined);
}
