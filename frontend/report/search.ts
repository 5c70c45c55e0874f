// Search among categories by everyday words and among communes by today's and former names, with or
// without diacritics.
import { fill, find, findAll, html, textOf } from "../page.ts";

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
  search.hidden = false;
  input.addEventListener("input", () => {
    const asked = input.value.trim() !== "";
    const count = filter(picker, input.value);
    found.textContent = asked ? fill(textOf(found, count ? "some" : "none"), { count }) : "";
  });
  // Enter in a search box would send the report.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

/** A commune of the list with the names of the units it was made of. */
export interface UnitChoice { value: string; name: string; former: string[] }

/** Communes whose name, or a name they had before, holds the words; at most six. */
export function unitsLike(question: string, units: UnitChoice[]): (UnitChoice & { by: string })[] {
  if (fold(question).replace(/[^a-z0-9]+/g, "").length < 2) return [];
  const found = [];
  for (const unit of units) {
    if (matches(question, unit.name)) found.push({ ...unit, by: "" });
    else {
      const by = unit.former.find((name) => matches(question, name));
      if (by !== undefined) found.push({ ...unit, by });
    }
  }
  return found.slice(0, 6);
}

function unitChoices(select: HTMLSelectElement): UnitChoice[] {
  return Array.from(select.options).filter((option) => option.value !== "").map((option) => ({
    value: option.value, name: option.text, former: (option.dataset["former"] ?? "").split("|"),
  }));
}

/** Search among communes by today's and former names; a touch on a result chooses it. */
export function offerUnitSearch(form: HTMLFormElement): void {
  const search = find("[data-unit-search]", form);
  const input = search && find<HTMLInputElement>("input", search);
  const list = search && find("[data-unit-found]", search);
  const status = search && find("[data-unit-count]", search);
  const select = find<HTMLSelectElement>("select[name=unit]", form);
  if (!search || !input || !list || !status || !select) return;
  const units = unitChoices(select);
  search.hidden = false;
  const choose = (value: string) => {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    list.textContent = "";
    find<HTMLInputElement>("[name=place_note]", form)?.focus();
  };
  input.addEventListener("input", () => {
    const found = unitsLike(input.value, units);
    const asked = input.value.trim().length > 1;
    list.textContent = "";
    for (const unit of found) {
      const words = unit.by ? fill(textOf(list, "former"), { unit: unit.name, former: unit.by }) : unit.name;
      const button = html("button", "btn btn-secondary", [words]) as HTMLButtonElement;
      button.type = "button";
      button.addEventListener("click", () => choose(unit.value));
      list.append(html("li", "", [button]));
    }
    status.textContent = asked ? fill(textOf(status, found.length ? "some" : "none"), { count: found.length }) : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
