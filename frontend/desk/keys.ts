// j and k walk through the queue, Enter opens (the row's link has the focus), ? shows the keys.
import { find, findAll } from "../page.ts";

/** The row after a key, staying inside the list; -1 is none chosen yet. */
export function nextRow(current: number, key: string, count: number): number {
  if (count === 0) return -1;
  if (key === "j") return Math.min(current + 1, count - 1);
  return Math.max(current - 1, 0);
}

/** Keys belong to the person who types or who calls the browser. */
export function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target as HTMLElement | null;
  return !target?.closest("input, select, textarea, dialog, [contenteditable]");
}

export function listenToKeys(list: HTMLElement): void {
  const help = find<HTMLDialogElement>("[data-keys-help]");
  const button = find<HTMLButtonElement>("[data-keys-open]");
  if (button) button.hidden = false;
  button?.addEventListener("click", () => help?.showModal());
  document.addEventListener("keydown", (event) => {
    if (!isFree(event)) return;
    if (event.key === "?") {
      event.preventDefault();
      help?.showModal();
    }
    if (event.key === "j" || event.key === "k") {
      const links = findAll<HTMLAnchorElement>("[data-case] a", list);
      const current = links.findIndex((link) => link === document.activeElement);
      links[nextRow(current, event.key, links.length)]?.focus();
    }
  });
}
