// The minutes on a phone: what is typed stays in this browser until the server has it, rows of
// measurements come one by one, and a value is held to its limit while it is typed.
import { fill, find, findAll, localTime, textOf } from "./page.ts";
import { compare, type Limit, readNumber } from "./minutes/compare.ts";
import { Draft } from "./minutes/draft.ts";

function limitsOf(list: HTMLElement | null): Map<string, Limit> {
  const found = new Map<string, Limit>();
  for (const option of list ? findAll<HTMLOptionElement>("option", list) : []) {
    found.set(option.value, {
      unit: option.dataset["unit"] ?? "", lowest: option.dataset["lowest"] ?? "", highest: option.dataset["highest"] ?? "",
    });
  }
  return found;
}

function input(row: HTMLElement, name: string): HTMLInputElement | null {
  return find<HTMLInputElement>(`input[name$="-${name}"]`, row);
}

function verdict(form: HTMLElement, row: HTMLElement, limits: Map<string, Limit>): void {
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
  place.classList.toggle("mx-measured-over", told?.over === true);
}

function addRow(form: HTMLElement): void {
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

function start(form: HTMLFormElement): void {
  const limits = limitsOf(document.getElementById("limits"));
  const notice = find("[data-draft-words]");
  const say = (name: string, time: number) => {
    if (!notice) return;
    notice.hidden = false;
    notice.textContent = fill(textOf(notice, name), { time: localTime(time) });
  };
  const draft = new Draft(localStorage, form.dataset["minutes"] ?? "");
  const judgeAll = () => {
    for (const row of findAll("[data-measured-row]", form)) verdict(form, row, limits);
  };
  // A page drawn anew after a refusal already holds what was typed.
  const kept = form.dataset["posted"] ? null : draft.read();
  if (kept) {
    while (kept.names.some((name) => form.elements.namedItem(name) === null)) {
      const before = form.elements.length;
      addRow(form);
      if (form.elements.length === before || findAll("[data-measured-row]", form).length > 20) break;
    }
    draft.fill(form, kept);
    say("found", kept.at);
  }
  judgeAll();
  let timer = 0;
  form.addEventListener("input", () => {
    judgeAll();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => say("kept", draft.keep(form)), 600);
  });
  form.addEventListener("submit", (event) => {
    draft.keep(form);
    if (navigator.onLine) return;
    event.preventDefault();
    say("offline", Date.now());
    notice?.scrollIntoView({ block: "center" });
  });
  const more = find<HTMLButtonElement>("[data-add-row]", form);
  if (more) {
    more.hidden = false;
    more.addEventListener("click", () => {
      addRow(form);
      const rows = findAll("[data-measured-row]", form);
      find<HTMLInputElement>("input", rows[rows.length - 1] as HTMLElement)?.focus();
      more.hidden = rows.length >= 20;
    });
  }
}

const form = find<HTMLFormElement>("form[data-minutes]");
if (form) start(form);
const saved = find("[data-minutes-saved]")?.dataset["minutesSaved"];
if (saved) new Draft(localStorage, saved).forget();
