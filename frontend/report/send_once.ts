// A second touch while the report is on its way sends nothing more.
import { find, textOf } from "../page.ts";

export function sendOnce(form: HTMLFormElement): void {
  const button = find<HTMLButtonElement>("[data-step-send]", form);
  const label = button && (find("span", button) ?? button);
  if (!button || !label) return;
  const words = label.textContent;
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    button.setAttribute("aria-disabled", "true");
    label.textContent = textOf(button, "sending");
  });
  // Coming back to a page the browser kept: sending must be possible again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    button.removeAttribute("aria-disabled");
    label.textContent = words;
  });
}
