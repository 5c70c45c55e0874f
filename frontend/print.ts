import { findAll } from "./page.ts";

/** Shows the buttons that print the page. */
export function offerPrint(): void {
  for (const button of findAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
