// What helps as evidence and how to stay safe, for what was chosen, at once and not in a long list.
import { find, findAll, refill } from "../page.ts";

/** The words for a code: its own, else those of what stands above it. */
export function adviceOf<Words>(code: string, known: Map<string, Words>): Words | undefined {
  return known.get(code) ?? known.get(code.split(".")[0] ?? "");
}

export function offerAdvice(form: HTMLFormElement): void {
  const all = find("[data-advice-all]", form);
  const now = find("[data-advice-now]", form);
  if (!all || !now) return;
  const known = new Map(findAll("[data-advice]", all).map(
    (item) => [item.dataset["advice"] ?? "", item] as const,
  ));
  all.hidden = true;
  const show = () => {
    const chosen = find<HTMLInputElement>("input[name=category]:checked", form)?.value ?? "";
    const item = adviceOf(chosen, known);
    refill(now, item ? Array.from(item.cloneNode(true).childNodes) : []);
    now.hidden = item === undefined;
  };
  form.addEventListener("change", show);
  show();
}
