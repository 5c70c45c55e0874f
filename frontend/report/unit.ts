// Which commune a place belongs to, said before anything is sent; and the place in a photo, offered
// when it lies in the served area. The question is sent without cookies.
import { fill, find, findAll, textOf } from "../page.ts";
import {
  PLACED_EVENT, PHOTOS_EVENT, PLACE_EVENT, UNIT_EVENT, photoWords, readPlace, sourceOf, writePlace,
  type Place,
} from "./place.ts";
import { factsOf } from "./photos.ts";

interface Answer {
  unit: { name: string } | null; doubtful: boolean;
  former: { name: string } | null; former_doubtful: boolean;
}
interface Found { name: string; doubtful: boolean; former: string; formerDoubtful: boolean }

/** The unit at a place; "outside" when it is not served, null when nobody could say. */
async function unitAt(url: string, place: { lat: number; lon: number }): Promise<Found | "outside" | null> {
  try {
    const answer = await fetch(url, {
      method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ lat: place.lat, lon: place.lon }),
    });
    if (!answer.ok) return null;
    const { unit, doubtful, former, former_doubtful } = (await answer.json()) as Answer;
    if (!unit) return "outside";
    return { name: unit.name, doubtful, former: former?.name ?? "", formerDoubtful: former_doubtful };
  } catch {
    return null;
  }
}

/** The sentence for what was found: the unit of today, then the one before the merger. */
function sentence(status: HTMLElement, found: Found): string {
  const now = fill(textOf(status, found.doubtful ? "doubtful" : "in"), { unit: found.name });
  if (!found.former) return now;
  const before = textOf(status, found.formerDoubtful ? "former-doubtful" : "former");
  return `${now} ${fill(before, { unit: found.former })}`;
}

export function offerUnit(form: HTMLFormElement): void {
  const status = find("[data-place-unit]", form);
  if (!status) return;
  let asked = 0;
  form.addEventListener(PLACED_EVENT, () => {
    const place = readPlace(form);
    if (!place) return;
    const mine = (asked += 1);
    void unitAt(status.dataset["placeUrl"] ?? "", place).then((found) => {
      if (mine !== asked) return;
      const known = found !== null && found !== "outside" ? found : null;
      status.textContent = known ? sentence(status, known)
        : found === "outside" ? textOf(status, "outside") : "";
      // The preview names the unit, too.
      form.dataset["unitName"] = known?.name ?? "";
      form.dispatchEvent(new CustomEvent(UNIT_EVENT));
    });
  });
}

/** Looks for a place in the photos that were chosen, and says when it is of no use. */
export function offerPhotoPlace(form: HTMLFormElement): void {
  const status = find("[data-photo-place]", form);
  if (!status) return;
  let unit = ""; // of the place in a photo
  form.addEventListener(PHOTOS_EVENT, (event) => {
    void lookAt((event as CustomEvent<File[]>).detail);
  });

  async function lookAt(photos: File[]): Promise<void> {
    if (!status) return;
    for (const element of spoken()) element.hidden = true;
    unit = "";
    for (const photo of photos) {
      const { place } = await factsOf(photo);
      if (!place) continue;
      const found = await unitAt(status.dataset["placeUrl"] ?? "", place);
      if (found === null) {
        // Nobody can say which unit it is now; the server does when the report arrives.
        if (!readPlace(form)) take({ ...place, accuracy: null, source: "photo" });
        if (sourceOf(form) === "photo") say("later", "");
        return;
      }
      if (found === "outside") {
        say(readPlace(form) ? "outside-phone" : "outside", "");
        continue;
      }
      unit = found.name;
      // The phone's own position or a pin that somebody set is not overwritten.
      if (!readPlace(form)) take({ ...place, accuracy: null, source: "photo" });
      say(photoWords(sourceOf(form)), unit);
      return;
    }
  }

  function take(place: Place): void {
    writePlace(form, place);
    form.dispatchEvent(new CustomEvent<Place>(PLACE_EVENT, { detail: place }));
  }

  // Said again beside the place, where the answer is given.
  function spoken(): HTMLElement[] {
    return [...(status ? [status] : []), ...findAll("[data-photo-place-echo]", form)];
  }

  function say(what: string, unit: string): void {
    if (!status) return;
    for (const element of spoken()) {
      element.textContent = fill(textOf(status, what), { unit });
      element.hidden = false;
    }
  }

  form.addEventListener(PLACED_EVENT, () => {
    if (unit) say(photoWords(sourceOf(form)), unit);
    else if (!status.hidden && status.textContent === textOf(status, "outside")) say("outside-phone", "");
  });
}
