// Cases differ by shape, not by colour alone; a red ring or arc says overdue.
import { html, svg } from "../page.ts";

export type Shape = "open" | "inspection" | "concluded" | "closed";

// The same table as STATE_SHAPES in templates/components/chips.html.
const STATE_SHAPES: Record<string, Shape> = {
  received: "open", verifying: "open", assessed: "open", local_action: "open",
  escalated: "open", accepted: "open", declined: "open",
  inspecting: "inspection",
  concluded: "concluded", remedying: "concluded", awaiting_confirmation: "concluded",
  closed: "closed", dismissed: "closed", merged: "closed", handed_over: "closed",
};

export function shapeOf(state: string): Shape {
  return STATE_SHAPES[state] ?? "open";
}

/** An SVG arc from twelve o'clock, clockwise, over `share` (0 to 1) of a circle; empty for none. */
export function arcPath(share: number, centre: number, radius: number): string {
  const part = Math.min(1, Math.max(0, share));
  if (part === 0) return "";
  // A full turn ends where it begins and would draw nothing.
  const angle = 2 * Math.PI * Math.min(part, 0.9999);
  const x = (centre + radius * Math.sin(angle)).toFixed(2);
  const y = (centre - radius * Math.cos(angle)).toFixed(2);
  return `M${centre} ${centre - radius}A${radius} ${radius} 0 ${part > 0.5 ? 1 : 0} 1 ${x} ${y}`;
}

/** 950 as it is, 1250 as "1,2k" in Vietnamese, "1.2k" in English: the disc has little room. */
export function shortCount(count: number, language: string): string {
  if (count < 1000) return String(count);
  const hundreds = Math.floor(count / 100);
  const thousands = hundreds < 100 ? hundreds / 10 : Math.floor(count / 1000);
  return `${thousands.toLocaleString(language, { useGrouping: false })}k`;
}

function body(shape: Shape): SVGElement {
  const common = { class: "mx-shape-body" };
  if (shape === "inspection") return svg("path", { ...common, d: "M14 5l9 9-9 9-9-9z" });
  if (shape === "concluded") return svg("path", { ...common, d: "M7 7h14v14H7z" });
  return svg("circle", { ...common, cx: 14, cy: 14, r: shape === "closed" ? 6 : 8 });
}

export function caseMark(state: string, overdue: boolean): HTMLElement {
  const shape = shapeOf(state);
  const parts = [body(shape)];
  if (overdue) parts.push(svg("circle", { class: "mx-shape-overdue", cx: 14, cy: 14, r: 12.5 }));
  const drawing = svg("svg", {
    class: `mx-shape mx-shape--${shape}`, viewBox: "0 0 28 28", "aria-hidden": "true",
  }, parts);
  return html("span", "", [drawing]);
}

/** A disc with its count, and an arc over the share of it that is overdue (0 to 1). */
export function clusterMark(count: string, overdue: number): HTMLElement {
  const label = svg("text", { x: 22, y: 27 });
  label.textContent = count;
  const parts = [svg("circle", { class: "mx-cluster-body", cx: 22, cy: 22, r: 17 }), label];
  const arc = arcPath(overdue, 22, 19);
  if (arc) parts.push(svg("path", { class: "mx-cluster-arc", d: arc }));
  const drawing = svg("svg", {
    class: "mx-cluster", viewBox: "0 0 44 44", "aria-hidden": "true",
  }, parts);
  return html("span", "", [drawing]);
}
