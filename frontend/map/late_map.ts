// The map comes when it is on the screen: it is half of all bytes, and many never open it.
import { find } from "../page.ts";
import { showNote } from "./notes.ts";

/** Acts once the element has a width: at once, or when it is shown. */
export function whenShown(element: HTMLElement, act: () => void): void {
  if (element.clientWidth > 0) {
    act();
    return;
  }
  const watch = new ResizeObserver(() => {
    if (element.clientWidth === 0) return;
    watch.disconnect();
    act();
  });
  watch.observe(element);
}

function load(address: string): Promise<void> {
  return new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = address;
    // In their order: each stands on the one before.
    script.async = false;
    script.onload = () => loaded();
    script.onerror = () => failed(new Error(address));
    document.head.append(script);
  });
}

/** The style that the page has kept for this, or the one that `data-map-style` of the holder names. */
function dress(holder: HTMLElement): void {
  const kept = find<HTMLLinkElement>("link[data-map-style]");
  if (kept) kept.media = "all";
  const address = holder.dataset["mapStyle"];
  if (!address) return;
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = address;
  document.head.append(style);
}

/** Loads what `data-map-scripts` of the holder names when the map inside it is shown. */
export function loadMapWhenShown(holder: HTMLElement): void {
  const map = find("#map", holder);
  const scripts = JSON.parse(holder.dataset["mapScripts"] ?? "[]") as string[];
  if (!map || scripts.length === 0) return;
  whenShown(map, () => {
    dress(holder);
    showNote("loading");
    Promise.all(scripts.map(load)).catch(() => {
      showNote("error");
      find("[data-map-retry]", holder)?.addEventListener("click", () => location.reload());
    });
  });
}
