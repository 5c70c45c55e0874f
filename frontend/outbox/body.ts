// The JSON of a report from what the form holds. The form's names are the contract's, but for those
// in the tables below.
import type { Attachment, Fields } from "./item.ts";

const NUMBERS = new Set(["households_affected"]);
const NOT_SENT = new Set([
  "csrf_token", "idempotency_key", "kept_photo", "words_checked", "photos", "unit", "lon", "lat", "accuracy_m", "source",
  "contact_name", "contact_phone", "contact_email", "on_behalf", "channel",
]);

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value.trim() : "";
}

function place(fields: Fields): object {
  const lon = text(fields, "lon"), lat = text(fields, "lat"), accuracy = text(fields, "accuracy_m");
  if (!lon || !lat) return {};
  return {
    location: {
      lon: Number(lon), lat: Number(lat), source: text(fields, "source") || "gps",
      ...(accuracy ? { accuracy_m: Number(accuracy) } : {}),
    },
  };
}

function unit(fields: Fields): object {
  const [system, code] = text(fields, "unit").split(":");
  return system && code ? { unit: { code_system: system, code } } : {};
}

function contact(fields: Fields): object {
  const given = ["name", "phone", "email"]
    .map((part) => [part, text(fields, `contact_${part}`)] as const)
    .filter(([, value]) => value);
  return given.length ? { contact: Object.fromEntries(given) } : {};
}

function onBehalf(fields: Fields): object {
  if (fields["on_behalf"] !== true) return {};
  const channel = text(fields, "channel");
  return { on_behalf_of: true, ...(channel ? { channel } : {}) };
}

function others(fields: Fields): object {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (NOT_SENT.has(name)) continue;
    if (typeof value === "boolean") kept.push([name, value]);
    else if (value.trim()) kept.push([name, NUMBERS.has(name) ? wholeNumber(value) : value.trim()]);
  }
  return Object.fromEntries(kept);
}

/** A number where it is one; else the text itself, which the server refuses by its field. */
function wholeNumber(value: string): number | string {
  return /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value.trim();
}

function listed({ sha256, size, type, taken_at }: Attachment): object {
  return { sha256, size, type, ...(taken_at ? { taken_at } : {}) };
}

function voice(files: Attachment[]): object {
  const note = files.find((file) => file.kind === "voice");
  return note ? { voice: { ...listed(note), seconds: note.seconds } } : {};
}

/** The bytes to send, as text. */
export function bodyOf(fields: Fields, files: Attachment[]): string {
  return JSON.stringify({
    ...others(fields), ...place(fields), ...unit(fields), ...contact(fields), ...onBehalf(fields),
    ...voice(files), photos: files.filter((file) => file.kind === "photo").map(listed),
  });
}

const FORM_NAMES: Record<string, string> = {
  location: "unit", "location.lon": "unit", "location.lat": "unit", "location.source": "unit",
  "location.accuracy_m": "unit", voice: "photos", on_behalf_of: "on_behalf",
};

/** Which field of the form a refused field of the JSON is. */
export function formName(field: string): string {
  const top = field.split(".")[0] ?? "";
  if (top === "photos") return "photos";
  return FORM_NAMES[field] ?? FORM_NAMES[top] ?? field.replace(/\./g, "_");
}
