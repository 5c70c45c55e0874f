// What stands open for who runs no script closes where the script offers a shorter way; and no screen
// is left before it says where.
import { find, findAll } from "../page.ts";
import { LEAVE_EVENT, PHOTOS_EVENT, PLACED_EVENT, readPlace } from "./place.ts";

/** Closes the words of the place, and the details unless there is no photo and words are needed. */
export function foldUnused(form: HTMLFormElement): void {
  for (const details of findAll<HTMLDetailsElement>("details[open][data-place-words]", form)) {
    details.open = "keepOpen" in details.dataset;
  }
  const more = find<HTMLDetailsElement>("details[data-more]", form);
  const input = find<HTMLInputElement>("[data-photo-input]", form);
  if (!more) return;
  const kept = find("input[name=kept_photo]", form) !== null;
  const look = () => {
    more.open = "keepOpen" in more.dataset || (!kept && (input?.files?.length ?? 0) === 0);
  };
  form.addEventListener(PHOTOS_EVENT, look);
  look();
}

/** Keeps the person at the place until there is one: a point, or a commune. */
export function needPlace(form: HTMLFormElement): void {
  const missing = find("[data-place-missing]", form);
  const unit = find<HTMLSelectElement>("select[name=unit]", form);
  if (!missing) return;
  const known = () => readPlace(form) !== null || unit?.value !== "";
  form.addEventListener(LEAVE_EVENT, (event) => {
    if (!(event.target as HTMLElement).contains(missing)) return;
    missing.hidden = known();
    if (!known()) event.preventDefault();
  });
  const forget = () => { if (known()) missing.hidden = true; };
  form.addEventListener(PLACED_EVENT, forget);
  form.addEventListener("change", forget);
}
