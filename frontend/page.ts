// What every module needs from the page. No visible word stands in a script: all come from data-*
// attributes of the templates, where they are translated.

/** Puts values into a sentence with named places: fill("{count} ảnh", {count: 2}). */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (place, name: string) =>
    name in values ? String(values[name]) : place,
  );
}

/** The words a template gave to an element as JSON in data-texts. */
export function textsOf<Texts>(element: HTMLElement): Texts {
  return JSON.parse(element.dataset["texts"] ?? "{}") as Texts;
}

/** The words a template gave as data-text-<name>; empty where there are none. */
export function textOf(element: HTMLElement, name: string): string {
  return element.getAttribute(`data-text-${name}`) ?? "";
}

export function find<Kind extends Element = HTMLElement>(
  selector: string, inside: ParentNode = document,
): Kind | null {
  return inside.querySelector<Kind>(selector);
}

export function findAll<Kind extends Element = HTMLElement>(
  selector: string, inside: ParentNode = document,
): Kind[] {
  return Array.from(inside.querySelectorAll<Kind>(selector));
}

/** Shows what only makes sense now that scripts run. */
export function revealScripted(inside: ParentNode): void {
  for (const element of findAll("[data-needs-script]", inside)) element.hidden = false;
}

/** dd/mm/yyyy and the time, as a clock in Việt Nam shows them. */
export function localTime(moment: number | string): string {
  return new Intl.DateTimeFormat("vi-VN", {
    timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit",
  }).format(new Date(moment));
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(
  name: string, attributes: Record<string, string | number>, children: Node[] = [],
): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) element.appendChild(child);
  return element;
}

export function html(name: string, className: string, children: (Node | string)[] = []): HTMLElement {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** These nodes in place of what an element held. */
export function refill(element: HTMLElement, nodes: Node[]): void {
  element.textContent = "";
  element.append(...nodes);
}
