// The keys of the desk as a table: what a key means here, never what somebody types into a field.

export type Command =
  | "next" | "previous" | "primary" | "other" | "skip" | "undo" | "close" | "choose" | "search"
  | "filter" | "reload" | "alike" | "help" | "reports" | "cases" | "home" | "notices";

const SINGLE: Record<string, Command> = {
  j: "next", k: "previous", ArrowDown: "next", ArrowUp: "previous", Enter: "primary", n: "skip",
  u: "undo", Escape: "close", x: "choose", "/": "search", f: "filter", r: "reload", s: "alike", "?": "help",
};
// After g, "go": where to.
const GO: Record<string, Command> = { p: "reports", v: "cases", h: "home", t: "notices" };
const GO_MS = 1_500;

/** What a key asks for; `wentAt` is when g was pressed last, in milliseconds. */
export function commandOf(key: string, wentAt: number, now: number): Command | null {
  if (now - wentAt < GO_MS) return GO[key] ?? null;
  if (/^[1-9]$/.test(key)) return "other";
  return SINGLE[key] ?? null;
}

/** The row after a step, staying inside the list; -1 is none chosen yet. */
export function nextRow(current: number, step: "next" | "previous", count: number): number {
  if (count === 0) return -1;
  return step === "next" ? Math.min(current + 1, count - 1) : Math.max(current - 1, 0);
}

/** Keys belong to the person who types or who calls the browser. */
export function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target as HTMLElement | null;
  const typed = "input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]";
  return !target?.closest(`${typed}, dialog`);
}

/** Enter on a link or a button is that link's own; the arrows belong to the map and to radios. */
export function isNative(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (event.key === "Enter") return Boolean(target?.closest("a, button, summary, .leaflet-container"));
  return event.key.startsWith("Arrow") && Boolean(target?.closest(".leaflet-container, input"));
}

/** Ctrl and Enter send the step from wherever somebody types or chooses in it. */
export function isSending(event: KeyboardEvent): boolean {
  return event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing
    && Boolean((event.target as HTMLElement | null)?.closest("[data-desk-panel] form"));
}

/** Calls `act` for every key that is a command; the digit of "other" is given too. */
export function listenToKeys(act: (command: Command, key: string) => boolean): void {
  let wentAt = -Infinity;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
      if (act("close", event.key)) event.preventDefault();
      return;
    }
    if (isSending(event)) {
      if (act("primary", event.key)) event.preventDefault();
      return;
    }
    if (!isFree(event) || isNative(event)) return;
    const now = performance.now();
    if (event.key === "g" && now - wentAt >= GO_MS) {
      wentAt = now;
      return;
    }
    const command = commandOf(event.key, wentAt, now);
    wentAt = -Infinity;
    if (command && act(command, event.key)) event.preventDefault();
  });
}
