// Search among categories by everyday words, with or without diacritics.
import { fill, find, findAll, textOf } from "../page.ts";

/** Lower case without marks, đ as d: the same folding on both sides of a comparison. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
}

/** Whether every word of the question begins a word of the entry. */
export function matches(question: string, entry: string): boolean {
  const padded = ` ${fold(entry).replace(/[^a-z0-9]+/g, " ")}`;
  const words = fold(question).split(/[^a-z0-9]+/).filter((word) => word !== "");
  return words.every((word) => padded.includes(` ${word}`));
}

function filter(picker: HTMLElement, question: string): number {
  let count = 0;
  for (const choice of findAll("[data-choice]", picker)) {
    choice.hidden = !matches(question, choice.dataset["choice"] ?? "");
    if (!choice.hidden) count += 1;
  }
  for (const group of findAll("[data-choice-group]", picker)) {
    group.hidden = findAll("[data-choice]", group).every((choice) => choice.hidden);
  }
  return count;
}

export function offerSearch(form: HTMLFormElement): void {
  const picker = find("[data-category-picker]", form);
  const search = picker && find("[data-category-search]", picker);
  const input = search && find<HTMLInputElement>("input", search);
  const found = search && find("[data-category-found]", search);
  if (!picker || !search || !input || !found) return;
  const details = find<HTMLDetailsElement>("[data-category-details]", picker);
  search.hidden = false;
  input.addEventListener("input", () => {
    const asked = input.value.trim() !== "";
    const count = filter(picker, input.value);
    if (details) details.open = asked;
    found.textContent = asked ? fill(textOf(found, count ? "some" : "none"), { count }) : "";
  });
  // Enter in a search box would send the report.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
