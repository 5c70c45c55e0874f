// The receipt as the page shows it: code in four groups, QR, picture to keep.
import { find, svg, textOf } from "../page.ts";
import { qrOf } from "./qr.ts";

export const grouped = (code: string) => (code.match(/.{1,4}/g) ?? []).join(" ");

/** The follow page; the code stands after "#", which no server sees. */
export function followAddress(code: string): string {
  return `${location.origin}/tra-cuu#${code}`;
}

export function drawQr(code: string): SVGElement | null {
  const grid = qrOf(followAddress(code));
  if (!grid) return null;
  const path = grid.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
  return svg("svg", { class: "mx-qr", viewBox: `-2 -2 ${grid.length + 4} ${grid.length + 4}`, "aria-hidden": "true" }, [
    svg("path", { d: path, fill: "#000" }),
  ]);
}

interface Picture { title: string; report: string; hint: string }

/** Offers the receipt as a picture, drawn here so that the code goes nowhere. */
export function savePicture(code: string, reportCode: string, words: Picture): void {
  const canvas = document.createElement("canvas");
  canvas.width = 720;
  canvas.height = 960;
  const context = canvas.getContext("2d");
  const grid = qrOf(followAddress(code));
  if (!context) return;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#17211b";
  context.textAlign = "center";
  const line = (text: string, y: number, font: string) => {
    context.font = font;
    context.fillText(text, canvas.width / 2, y, canvas.width - 48);
  };
  line(words.title, 80, "bold 40px sans-serif");
  line(grouped(code), 170, "bold 56px monospace");
  if (grid) {
    const dot = Math.floor(520 / grid.length);
    const left = (canvas.width - dot * grid.length) / 2;
    grid.forEach((row, y) => row.forEach((dark, x) => {
      if (dark) context.fillRect(left + x * dot, 230 + y * dot, dot, dot);
    }));
  }
  line(`${location.host}/tra-cuu`, 820, "32px sans-serif");
  line(`${words.report}: ${reportCode}`, 870, "28px sans-serif");
  line(words.hint, 920, "26px sans-serif");
  canvas.toBlob((blob) => blob && download(blob, "mat-xanh-ma-tra-cuu.png"), "image/png");
}

function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Fills what shows a code: text, QR, and its buttons. */
export function showCode(inside: HTMLElement, code: string, reportCode: string): void {
  const text = find("[data-code]", inside);
  if (text) text.textContent = grouped(code);
  const drawn = drawQr(code);
  const box = find("[data-qr]", inside);
  if (drawn && box) box.append(drawn);
  offerCode(inside, code, reportCode);
}

/** The buttons that copy, save and print a code. */
export function offerCode(inside: HTMLElement, code: string, reportCode: string): void {
  const button = (name: string) => find<HTMLButtonElement>(`[data-${name}]`, inside);
  offer(button("print-code"), () => window.print());
  offer(button("save-picture"), (save) => savePicture(code, reportCode, {
    title: textOf(save, "title"), report: textOf(save, "report"), hint: textOf(save, "hint"),
  }));
  // Absent on plain-http pages and on the oldest phones.
  if (!navigator.clipboard) return;
  offer(button("copy-code"), (copy) => {
    void navigator.clipboard.writeText(code).then(() => {
      const label = find("span", copy);
      if (label) label.textContent = textOf(copy, "copied");
    });
  });
}

function offer(button: HTMLButtonElement | null, act: (button: HTMLButtonElement) => void): void {
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => act(button));
}
