// What is wrong, on top of the form and by each field, as the server's own page says it.
import { formName } from "../outbox/body.ts";
import { find, findAll, html, svg, textOf } from "../page.ts";
import { REFUSED_EVENT } from "./steps.ts";

export function tellRefusal(form: HTMLFormElement, detail: string, fields: Record<string, string>): void {
  for (const old of findAll("[data-told]", form)) old.remove();
  const lines = Object.entries(fields).map(([name, words]) => {
    const target = mark(form, formName(name), words);
    return html("li", "", [target ? link(`#${target.id}`, words) : words]);
  });
  if (lines.length === 0) lines.push(html("li", "", [detail]));
  const box = html("div", "mx-errors", [html("h2", "", [textOf(form, "mend")]), html("ul", "", lines)]);
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  box.dataset["told"] = "";
  form.prepend(box);
  form.dispatchEvent(new CustomEvent(REFUSED_EVENT));
  box.focus();
}

/** Puts the words below the field and opens what it is folded into. */
function mark(form: HTMLFormElement, name: string, words: string): HTMLElement | null {
  const field = find(`[name="${CSS.escape(name)}"]`, form);
  const home = field?.closest<HTMLElement>(".mx-field") ?? field?.parentElement;
  if (!field || !home) return null;
  const use = svg("use", { href: `${form.dataset["icons"] ?? ""}#warning` });
  const told = html("span", "mx-error", [svg("svg", { class: "mx-icon", "aria-hidden": "true" }, [use]), ` ${words}`]);
  told.dataset["told"] = "";
  const details = field.closest("details");
  if (details) details.open = true;
  home.append(told);
  if (!field.id) field.id = `field-${name}`;
  return field;
}

function link(href: string, words: string): HTMLAnchorElement {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = words;
  return made;
}
