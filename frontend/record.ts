// Lists of the public record with their map: beside each other, on a phone one of the two. The map is
// loaded once it is on the screen, on a phone only when it is asked for.
import { loadMapWhenShown } from "./map/late_map.ts";
import { viewOf } from "./map/query.ts";
import { find, findAll, revealScripted } from "./page.ts";

/** Behind an address: the map is to be shown. A view of the map says the same. */
const ASKED = "#ban-do";

function start(record: HTMLElement): void {
  const buttons = findAll<HTMLButtonElement>("[data-view]", record);
  const show = (view: string) => {
    record.classList.toggle("shows-map", view === "map");
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset["view"] === view));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const view = button.dataset["view"] ?? "";
      show(view);
      // Coming back here shows the same.
      history.replaceState(history.state, "", location.pathname + location.search + (view === "map" ? ASKED : ""));
      window.mxMap?.invalidateSize();
      if (view === "map") button.scrollIntoView({ block: "start" });
    });
  }
  revealScripted(record);
  if (location.hash === ASKED || viewOf(location.hash)) show("map");
  loadMapWhenShown(record);
}

const record = find("[data-record]");
if (record) start(record);
