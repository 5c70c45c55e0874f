// Open cases of the same matter near by, offered before a new report is sent: who is affected by one
// of them follows it instead.
import { fill, find, findAll, html, textOf } from "../page.ts";
import { PLACED_EVENT, readPlace } from "./place.ts";

export interface NearCase {
  case_code: string; title: string; state_label: string; distance_m: number; precision_m: number;
  days: number; households: string; guests: string; photo: string | null; url: string;
}

// Near to a hundred metres: the public points that are compared are no more exact, and an address
// that is asked for stays in the logs of whoever passes it on.
const DECIMALS = 3;

/** The address to ask. */
export function nearUrl(base: string, place: { lat: number; lon: number }, category: string): string {
  const lon = place.lon.toFixed(DECIMALS), lat = place.lat.toFixed(DECIMALS);
  return `${base}?lon=${lon}&lat=${lat}&category=${encodeURIComponent(category)}`;
}

// What is nearer than one step reads as one step; it may as well be the very spot.
const STEP_M = 50;

/** The words for how far: a case of a coarse square is never told to the metre. */
export function distanceKind(near: { distance_m: number; precision_m: number }): "here" | "around" | "within" {
  if (near.precision_m > Math.max(near.distance_m, 100)) return "within";
  return near.distance_m <= STEP_M ? "here" : "around";
}

class Near {
  private asked = "";

  constructor(
    private readonly form: HTMLFormElement, private readonly box: HTMLElement,
    private readonly list: HTMLElement,
  ) {
    const look = () => void this.look();
    form.addEventListener("change", (event) => {
      if ((event.target as HTMLInputElement).name === "category") look();
    });
    form.addEventListener(PLACED_EVENT, look);
    look();
  }

  private async look(): Promise<void> {
    const category = find<HTMLInputElement>("input[name=category]:checked", this.form)?.value;
    const place = readPlace(this.form);
    if (!category || !place) return;
    const url = nearUrl(this.box.dataset["url"] ?? "", place, category);
    if (url === this.asked) return;
    this.asked = url;
    const cases = await this.fetched(url);
    if (url === this.asked) this.show(cases);
  }

  /** Nothing is said when nobody could answer: sending goes on as it is. */
  private async fetched(url: string): Promise<NearCase[]> {
    try {
      const answer = await fetch(url, { credentials: "omit" });
      return answer.ok ? ((await answer.json()) as { cases: NearCase[] }).cases : [];
    } catch {
      return [];
    }
  }

  private show(cases: NearCase[]): void {
    this.list.textContent = "";
    this.box.hidden = cases.length === 0;
    for (const near of cases) this.list.append(this.item(near));
  }

  private item(near: NearCase): HTMLElement {
    const words = (name: string) => textOf(this.box, name);
    const metres = distanceKind(near) === "within" ? near.precision_m : near.distance_m;
    const facts = [
      fill(words(distanceKind(near)), { metres }), fill(words("days"), { days: near.days }),
      near.state_label, fill(words("people"), { households: near.households, guests: near.guests }),
    ].join(" · ");
    const link = html("a", "btn btn-primary mx-wide", [words("follow")]) as HTMLAnchorElement;
    link.href = `${near.url}/toi-cung-bi-anh-huong`;
    const text = html("div", "", [
      html("p", "mb-1", [html("strong", "", [near.title])]), html("p", "mx-small mb-2", [facts]), link,
    ]);
    return html("li", "mx-near-one", near.photo ? [this.picture(near.photo), text] : [text]);
  }

  private picture(address: string): HTMLElement {
    const image = document.createElement("img");
    image.src = address;
    image.alt = textOf(this.box, "photo");
    image.loading = "lazy";
    return image;
  }
}

export function offerNear(form: HTMLFormElement): void {
  const box = find("[data-near]", form);
  const list = box && find("[data-near-list]", box);
  if (!box || !list) return;
  new Near(form, box, list);
  for (const other of findAll("[data-near-other]", box)) {
    other.addEventListener("click", () => { box.hidden = true; });
  }
}
