// Preview and count of the photos a person chose, and what each says of place and time.
import { fill, find, html, svg, textOf } from "../page.ts";
import { BlurBrush } from "./blur.ts";
import { factsOfPhoto, type PhotoFacts } from "./exif.ts";
import { PHOTOS_EVENT } from "./place.ts";
import { shrunk } from "./shrink.ts";

/** Adds new files to those chosen, once each, up to the limit; `over` tells that some were left. */
export function addPhotos<Photo extends { name: string; size: number; lastModified: number }>(
  chosen: Photo[], added: Photo[], limit: number,
): { photos: Photo[]; over: boolean } {
  const same = (a: Photo, b: Photo) =>
    a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;
  const photos = [...chosen];
  let over = false;
  for (const photo of added) {
    if (photos.some((known) => same(known, photo))) continue;
    if (photos.length < limit) photos.push(photo);
    else over = true;
  }
  return { photos, over };
}

const known = new WeakMap<File, Promise<PhotoFacts>>();

/** Place and time of a chosen photo, read once. */
export function factsOf(photo: File): Promise<PhotoFacts> {
  const facts = known.get(photo) ?? factsOfPhoto(photo);
  known.set(photo, facts);
  return facts;
}

/** What the person chose, by what became of it; a photo that is not in it is yet to be made smaller. */
const origins = new WeakMap<File, File>();
let working: Promise<void> = Promise.resolve();

/** Resolves when no photo is being made smaller. */
export const photosReady = () => working;

/** A photo that was kept before is as it should be sent. */
export function rememberFacts(photo: File, facts: PhotoFacts): void {
  known.set(photo, Promise.resolve(facts));
  origins.set(photo, photo);
}

/** Photos of a report that was kept are brought back into the form; `detail` are the files. */
export const BRING_EVENT = "mx:bring-photos";

/** The photo made smaller, with what the first one said of place and time. */
async function prepared(photo: File): Promise<File> {
  const facts = await factsOf(photo);
  const small = await shrunk(photo, facts);
  known.set(small, Promise.resolve(facts));
  origins.set(small, photo);
  return small;
}

class PhotoPicker {
  private photos: File[] = [];
  private readonly limit: number;
  private readonly brush: BlurBrush | null;

  constructor(
    picker: HTMLElement, private readonly input: HTMLInputElement,
    private readonly list: HTMLElement, private readonly status: HTMLElement,
  ) {
    this.limit = Number(picker.dataset["limit"] ?? "5");
    const dialog = find<HTMLDialogElement>("dialog[data-blur]", picker);
    this.brush = dialog && "showModal" in dialog ? new BlurBrush(dialog) : null;
    // Two large buttons take the place of the browser's own narrow one.
    input.classList.add("visually-hidden");
    find("[data-photo-label]", picker)?.classList.add("visually-hidden");
    input.addEventListener("change", () => this.add(input));
    const camera = find<HTMLInputElement>("[data-photo-camera]", picker);
    camera?.addEventListener("change", () => this.add(camera));
    input.form?.addEventListener(BRING_EVENT, (event) => {
      this.keep((event as CustomEvent<File[]>).detail, false);
    });
  }

  private add(from: HTMLInputElement): void {
    const present = new Map(this.photos.map((photo) => [origins.get(photo) ?? photo, photo] as const));
    const { photos, over } = addPhotos([...present.keys()], Array.from(from.files ?? []), this.limit);
    if (from !== this.input) from.value = "";
    this.keep(photos.map((photo) => present.get(photo) ?? photo), over);
    working = working.then(() => this.shrinkAll(over)).catch(() => undefined);
  }

  /** One after the other: a cheap phone has no room for five decoded photos. */
  private async shrinkAll(over: boolean): Promise<void> {
    const large = this.photos.filter((photo) => !origins.has(photo));
    if (large.length) this.status.textContent = textOf(this.status, "working");
    for (const photo of large) {
      const small = await prepared(photo).catch(() => null);
      if (small) this.keep(this.photos.map((each) => (each === photo ? small : each)), over);
      else this.drop(photo);
    }
  }

  /** The phone no longer lets it be read: said aloud, and the others go. */
  private drop(photo: File): void {
    const number = this.photos.indexOf(photo) + 1;
    this.keep(this.photos.filter((each) => each !== photo), false);
    this.status.textContent = fill(textOf(this.status, "unreadable"), { number });
  }

  private async blur(index: number): Promise<void> {
    const photo = this.photos[index];
    const hidden = photo && await this.brush?.open(photo).catch(() => null);
    if (!photo || !hidden) return;
    known.set(hidden, factsOf(photo));
    // Meanwhile the photo may have been made smaller: whatever came of it gives way.
    const first = origins.get(photo) ?? photo;
    origins.set(hidden, first);
    this.keep(this.photos.map((each) => ((origins.get(each) ?? each) === first ? hidden : each)), false);
  }

  private keep(photos: File[], over: boolean): void {
    const others = photos.length !== this.photos.length;
    this.photos = photos;
    const transfer = new DataTransfer();
    for (const photo of photos) transfer.items.add(photo);
    this.input.files = transfer.files;
    // The same photos, only smaller or with parts hidden, are no other choice.
    if (others) this.input.form?.dispatchEvent(new CustomEvent(PHOTOS_EVENT, { detail: photos }));
    else this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.draw();
    const values = { count: photos.length, limit: this.limit };
    const words = [fill(textOf(this.status, "count"), values)];
    if (over) words.push(fill(textOf(this.status, "over"), values));
    this.status.textContent = words.join(" ");
  }

  private draw(): void {
    this.list.textContent = "";
    this.list.hidden = this.photos.length === 0;
    this.photos.forEach((photo, index) => this.list.append(this.item(photo, index)));
  }

  private item(photo: File, index: number): HTMLElement {
    const image = document.createElement("img");
    image.alt = fill(textOf(this.status, "photo"), { number: index + 1 });
    image.src = URL.createObjectURL(photo);
    const release = () => URL.revokeObjectURL(image.src);
    image.addEventListener("load", release);
    image.addEventListener("error", release);
    return html("li", "", [image, ...this.blurButton(photo, index), this.removeButton(index)]);
  }

  /** Where the browser can show the photo, parts of it can be hidden. */
  private blurButton(photo: File, index: number): HTMLButtonElement[] {
    if (!this.brush || photo.type !== "image/jpeg") return [];
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary mx-blur-button";
    button.setAttribute("aria-label", fill(textOf(this.status, "blur"), { number: index + 1 }));
    const use = svg("use", { href: this.status.dataset["iconBlur"] ?? "" });
    button.append(svg("svg", { class: "mx-icon", "aria-hidden": "true" }, [use]));
    button.addEventListener("click", () => void this.blur(index));
    return [button];
  }

  private removeButton(index: number): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.setAttribute("aria-label", fill(textOf(this.status, "remove"), { number: index + 1 }));
    const use = svg("use", { href: this.status.dataset["iconRemove"] ?? "" });
    button.append(svg("svg", { class: "mx-icon", "aria-hidden": "true" }, [use]));
    button.addEventListener("click", () => {
      this.keep(this.photos.filter((_photo, place) => place !== index), false);
      this.input.focus();
    });
    return button;
  }
}

export function offerPhotos(form: HTMLFormElement): void {
  const picker = find("[data-photo-picker]", form);
  const input = picker && find<HTMLInputElement>("[data-photo-input]", picker);
  const list = picker && find("[data-photo-list]", picker);
  const status = picker && find("[data-photo-count]", picker);
  if (picker && input && list && status) new PhotoPicker(picker, input, list, status);
}
