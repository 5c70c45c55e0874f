// Preview and count of the photos a person chose, and what each says of place and time.
import { fill, find, html, svg, textOf } from "../page.ts";
import { factsOfPhoto, type PhotoFacts } from "./exif.ts";
import { PHOTOS_EVENT } from "./place.ts";

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

class PhotoPicker {
  private photos: File[] = [];
  private readonly limit: number;

  constructor(
    picker: HTMLElement, private readonly input: HTMLInputElement,
    private readonly list: HTMLElement, private readonly status: HTMLElement,
  ) {
    this.limit = Number(picker.dataset["limit"] ?? "5");
    // Two large buttons take the place of the browser's own narrow one.
    input.classList.add("visually-hidden");
    find("[data-photo-label]", picker)?.classList.add("visually-hidden");
    input.addEventListener("change", () => this.add(input));
    const camera = find<HTMLInputElement>("[data-photo-camera]", picker);
    camera?.addEventListener("change", () => this.add(camera));
  }

  private add(from: HTMLInputElement): void {
    const { photos, over } = addPhotos(this.photos, Array.from(from.files ?? []), this.limit);
    if (from !== this.input) from.value = "";
    this.keep(photos, over);
  }

  private keep(photos: File[], over: boolean): void {
    this.photos = photos;
    const transfer = new DataTransfer();
    for (const photo of photos) transfer.items.add(photo);
    this.input.files = transfer.files;
    this.input.form?.dispatchEvent(new CustomEvent(PHOTOS_EVENT, { detail: photos }));
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
    return html("li", "", [image, this.removeButton(index)]);
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
