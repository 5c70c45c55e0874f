import { find, findAll, textOf } from "./page.ts";

/** Shows the buttons that copy a code, where the browser can copy at all. */
export function offerCopies(): void {
  // Absent on plain-http pages and on the oldest phones.
  if (!navigator.clipboard) return;
  for (const button of findAll<HTMLButtonElement>("button[data-copy]")) {
    const target = document.getElementById(button.dataset["copy"] ?? "");
    const label = find("span", button);
    if (!target || !label) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText((target.textContent ?? "").trim()).then(() => {
        label.textContent = textOf(button, "copied");
      });
    });
  }
}
