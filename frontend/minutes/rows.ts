// The rows of measurements in the minutes: one by one, each value beside its limit.
import { fill, find, findAll, textOf } from "../page.ts";
import { compare, type Limit, readNumber } from "./compare.ts";

/** The limits that the page offers, by their labels. */
export function limitsOf(list: HTMLElement | null): Map<string, Limit> {
  const found = new Map<string, Limit>();
  for (const option of list ? findAll<HTMLOptionElement>("option", list) : []) {
    found.set(option.value, {
      unit: option.dataset["unit"] ?? "", lowest: option.dataset["lowest"] ?? "", highest: option.dataset["highest"] ?? "",
      standard: option.dataset["standard"] ?? "", until: option.dataset["until"] ?? "",
      untilShown: option.dataset["untilShown"] ?? "",
    });
  }
  return found;
}

function input(row: HTMLElement, name: string): HTMLInputElement | null {
  return find<HTMLInputElement>(`input[name$="-${name}"]`, row);
}

/** A value held to its limit while it is typed. */
export function verdict(form: HTMLElement, row: HTMLElement, limits: Map<string, Limit>): void {
  const place = find("[data-verdict]", row);
  if (!place) return;
  const chosen = limits.get((input(row, "parameter")?.value ?? "").trim());
  const own = { lowest: input(row, "lowest")?.value ?? "", highest: input(row, "highest")?.value ?? "" };
  const unit = input(row, "unit");
  if (chosen && unit) unit.placeholder = chosen.unit === "-" ? "" : chosen.unit;
  const ends = own.lowest.trim() || own.highest.trim() ? own : chosen ?? own;
  const told = compare(input(row, "value")?.value ?? "", ends.lowest, ends.highest);
  const limit = [ends.lowest, ends.highest].map((end) => readNumber(end)?.text.replace(".", ",")).filter(Boolean).join(" - ");
  const words = told === null ? "" : told.over
    ? told.times ? fill(textOf(form, "over"), { times: told.times }) : textOf(form, "outside")
    : textOf(form, "within");
  place.textContent = words && limit ? `${words} (${limit})` : words;
  // The limit of an edition that had ended on the day of the visit holds no longer by itself.
  const day = (find<HTMLInputElement>("[name=started_at]", form)?.value ?? "").slice(0, 10);
  if (chosen?.until && ends === chosen && day >= chosen.until) {
    const ended = fill(textOf(form, "ended"), { standard: chosen.standard, day: chosen.untilShown });
    place.textContent = [place.textContent, ended].filter(Boolean).join(". ");
  }
  place.classList.toggle("mx-measured-over", told?.over === true);
}

/** One more empty row of measurements. */
export function addRow(form: HTMLElement): void {
  const rows = findAll("[data-measured-row]", form);
  const last = rows[rows.length - 1];
  if (!last) return;
  const next = last.cloneNode(true) as HTMLElement;
  const number = rows.length;
  for (const part of findAll("[id], [name], [for]", next)) {
    for (const name of ["id", "name", "for"]) {
      const value = part.getAttribute(name);
      if (value) part.setAttribute(name, value.replace(/measured-\d+/, `measured-${number}`));
    }
  }
  for (const each of findAll<HTMLInputElement>("input", next)) each.value = "";
  for (const each of findAll(".mx-error", next)) each.remove();
  const place = find("[data-verdict]", next);
  if (place) place.textContent = "";
  const title = find("[data-row-title]", next);
  if (title) title.textContent = (title.textContent ?? "").replace(/\d+/, String(number + 1));
  next.setAttribute("aria-labelledby", `measured-${number}-title`);
  last.after(next);
}
