// The safety words of what was chosen, at once and on top of the long list.
import { find, findAll } from "../page.ts";

/** The words for a code: its own, else those of what stands above it. */
export function safetyOf(code: string, known: Map<string, string>): string {
  return known.get(code) ?? known.get(code.split(".")[0] ?? "") ?? "";
}

export function offerSafety(form: HTMLFormElement): void {
  const all = find("[data-safety-all]", form);
  const now = find("[data-safety-now]", form);
  const words = now && find("span", now);
  if (!all || !now || !words) return;
  const known = new Map(findAll("[data-safety]", all).map(
    (item) => [item.dataset["safety"] ?? "", (item.textContent ?? "").trim()],
  ));
  all.hidden = true;
  const show = () => {
    const chosen = find<HTMLInputElement>("input[name=category]:checked", form)?.value ?? "";
    words.textContent = safetyOf(chosen, known);
    now.hidden = words.textContent === "";
  };
  form.addEventListener("change", show);
  show();
}
