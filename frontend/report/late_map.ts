// The map comes when the screen with the map does: it is half of all bytes, and many never open it.
import { find } from "../page.ts";

export function loadMapWhenShown(form: HTMLFormElement): void {
  const map = find("[data-pin-map]", form);
  const scripts = JSON.parse(form.dataset["mapScripts"] ?? "[]") as string[];
  if (!map || scripts.length === 0) return;
  const watch = new ResizeObserver(() => {
    if (map.clientWidth === 0) return;
    watch.disconnect();
    const style = find<HTMLLinkElement>("link[data-map-style]");
    if (style) style.media = "all";
    for (const address of scripts) {
      const script = document.createElement("script");
      script.src = address;
      // In their order: each stands on the one before.
      script.async = false;
      document.head.append(script);
    }
  });
  watch.observe(map);
}
