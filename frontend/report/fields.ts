// What the form holds as plain values, and back again.
import type { Fields } from "../outbox/item.ts";
import { findAll } from "../page.ts";
import { PLACE_EVENT, PLACED_EVENT, type Place, readPlace } from "./place.ts";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const SECRETS = new Set(["csrf_token", "idempotency_key", "kept_photo"]);

function controls(form: HTMLFormElement): Control[] {
  return findAll<Control>("input[name], select[name], textarea[name]", form)
    .filter((control) => control.type !== "file" && !SECRETS.has(control.name)
      && !("notSent" in control.dataset));
}

export function readFields(form: HTMLFormElement): Fields {
  const fields: Fields = {};
  for (const control of controls(form)) {
    if (control.type === "checkbox") fields[control.name] = (control as HTMLInputElement).checked;
    else if (control.type !== "radio") fields[control.name] = control.value;
    else if ((control as HTMLInputElement).checked) fields[control.name] = control.value;
    else fields[control.name] ??= "";
  }
  return fields;
}

export function writeFields(form: HTMLFormElement, fields: Fields): void {
  for (const control of controls(form)) {
    const value = fields[control.name];
    if (value === undefined || control.name === "consent_version") continue;
    if (control.type === "checkbox") (control as HTMLInputElement).checked = value === true;
    else if (control.type === "radio") tick(control as HTMLInputElement, value === control.value);
    else control.value = String(value);
    if (typeof value === "string" && value && control.type !== "hidden" && shown(control)) openAround(control);
  }
  showPlace(form, fields);
}

function tick(radio: HTMLInputElement, checked: boolean): void {
  radio.checked = checked;
  // Advice and what is near hang on the category that was chosen.
  if (checked) radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function shown(control: Control): boolean {
  return control.type !== "radio" || (control as HTMLInputElement).checked;
}

function openAround(control: Control): void {
  const details = control.closest("details");
  if (details) details.open = true;
}

function showPlace(form: HTMLFormElement, fields: Fields): void {
  const place = readPlace(form);
  if (!place) return;
  const accuracy = Number(fields["accuracy_m"]) || null;
  const source = fields["source"] as Place["source"];
  form.dispatchEvent(new CustomEvent<Place>(PLACE_EVENT, { detail: { ...place, accuracy, source } }));
  form.dispatchEvent(new CustomEvent(PLACED_EVENT));
}
