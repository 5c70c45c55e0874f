// Warns while somebody writes what may tell who a person is. The rules are those of the server, which
// warns who sends without script; nothing is kept back for it.
import { fill, find, textOf } from "../page.ts";

export interface Rule { label: string; pattern: string }
export interface Finding { label: string; words: string }

/** Everything that looks private; what an earlier rule took no later one names. */
export function foundIn(text: string, rules: Rule[]): Finding[] {
  let rest = text.normalize("NFC");
  const found: Finding[] = [];
  for (const rule of rules) {
    const expression = new RegExp(rule.pattern, "g");
    for (const words of rest.match(expression) ?? []) found.push({ label: rule.label, words });
    rest = rest.replace(expression, " ");
  }
  return found;
}

/** The sentence of a warning: each kind once, each finding as it was written. */
export function sentence(template: string, found: Finding[]): string {
  const kinds = Array.from(new Set(found.map((each) => each.label)));
  return fill(template, {
    what: kinds.join(", "), words: found.map((each) => each.words).join("; "),
  });
}

export function offerWarnings(form: HTMLFormElement): void {
  const box = find("[data-private]", form);
  const words = box && find("[data-private-words]", box);
  const checked = find<HTMLInputElement>("[data-words-checked]", form);
  const watched = ["description", "place_note"]
    .map((name) => find<HTMLTextAreaElement | HTMLInputElement>(`[name=${name}]`, form))
    .filter((field) => field !== null);
  if (!box || !words) return;
  const rules = JSON.parse(box.dataset["rules"] ?? "[]") as Rule[];
  // Told here at once, so that the server need not ask again.
  if (checked) checked.value = "y";
  const look = () => {
    const found = watched.flatMap((field) => foundIn(field.value, rules));
    box.hidden = found.length === 0;
    words.textContent = found.length ? sentence(textOf(box, "found"), found) : "";
  };
  for (const field of watched) field.addEventListener("change", look);
  look();
}
