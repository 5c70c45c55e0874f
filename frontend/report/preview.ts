// Who will see what, in one sentence with pictures, for what is chosen so far.
import { fill, find, html, svg, textOf } from "../page.ts";
import { PLACED_EVENT, UNIT_EVENT } from "./place.ts";

export interface Chosen { code: string; what: string; unit: string; phone: boolean }

/** Which sentence tells it: never on a public page, with the phone number given on, or the usual. */
export function kindOf(chosen: Chosen, never: string[]): "never" | "phone" | "shown" {
  if (never.includes(chosen.code)) return "never";
  return chosen.phone ? "phone" : "shown";
}

function categoryOf(form: HTMLFormElement): { code: string; what: string } | null {
  const radio = find<HTMLInputElement>("input[name=category]:checked", form);
  const holder = radio?.closest<HTMLElement>("[data-label]");
  return radio && holder ? { code: radio.value, what: holder.dataset["label"] ?? "" } : null;
}

function unitOf(form: HTMLFormElement, preview: HTMLElement): string {
  const placed = form.dataset["unitName"];
  const select = find<HTMLSelectElement>("select[name=unit]", form);
  const named = select?.value ? select.selectedOptions[0]?.textContent?.trim() : "";
  return placed || named || textOf(preview, "somewhere");
}

function givesPhone(form: HTMLFormElement): boolean {
  const secret = find<HTMLInputElement>("input[name=keep_secret]", form);
  const phone = find<HTMLInputElement>("input[name=contact_phone]", form);
  return secret?.checked === false && phone?.value.trim() !== "";
}

function drawing(sprite: string, name: string, className: string): SVGElement {
  const use = svg("use", { href: `${sprite}#${name}` });
  return svg("svg", { class: className, "aria-hidden": "true" }, [use]);
}

/** The picture a finer choice stands under. */
function pictureOf(form: HTMLFormElement, code: string): string {
  const inside = find<HTMLInputElement>(`input[value="${code}"]`, form);
  return inside?.closest<HTMLElement>("[data-picture]")?.dataset["picture"] ?? code;
}

export function offerPreview(form: HTMLFormElement): void {
  const preview = find("[data-preview]", form);
  const pictures = find("[data-preview-pictures]", form);
  if (!preview || !pictures) return;
  const never = (preview.dataset["never"] ?? "").split(" ");
  const sprite = pictures.dataset["sprite"] ?? "";
  const show = () => {
    const category = categoryOf(form);
    if (!category) return;
    const chosen = { ...category, unit: unitOf(form, preview), phone: givesPhone(form) };
    const kind = kindOf(chosen, never);
    preview.textContent = fill(textOf(preview, kind), { what: chosen.what, unit: chosen.unit });
    const shown = kind === "never" ? ["lock"] : ["pin", "people"];
    pictures.textContent = "";
    pictures.append(html("span", "", [
      drawing(sprite, pictureOf(form, chosen.code), "mx-picture"),
      ...shown.map((name) => drawing(sprite, name, "mx-icon")),
    ]));
    pictures.hidden = false;
  };
  form.addEventListener("change", show);
  form.addEventListener(PLACED_EVENT, show);
  form.addEventListener(UNIT_EVENT, show);
  show();
}
