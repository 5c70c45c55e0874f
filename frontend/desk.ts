// The officer's queue: list and map say the same, the list leads.
import { listenToKeys } from "./desk/keys.ts";
import { watchQueue } from "./desk/news.ts";
import { startCaseMap } from "./map/case_map.ts";
import { find, findAll } from "./page.ts";

/** Looks at what the list holds, unless the address remembers a view. */
function lookAtRows(): void {
  const places = findAll("[data-desk-list] [data-case]").flatMap((row): [number, number][] => {
    const [lat, lon] = [row.dataset["lat"], row.dataset["lon"]].map((text) => Number.parseFloat(text ?? ""));
    return Number.isFinite(lat) && Number.isFinite(lon) ? [[lat as number, lon as number]] : [];
  });
  if (places.length > 0 && !location.hash.startsWith("#map=")) {
    window.mxMap?.fitBounds(L.latLngBounds(places), { maxZoom: 14, padding: [40, 40] });
  }
}

lookAtRows();
const map = startCaseMap();

function choose(list: HTMLElement, row: HTMLElement): void {
  for (const other of findAll(".is-current", list)) other.classList.remove("is-current");
  row.classList.add("is-current");
  const lat = Number.parseFloat(row.dataset["lat"] ?? "");
  const lon = Number.parseFloat(row.dataset["lon"] ?? "");
  // A report without a point has a row and no place on the map.
  if (Number.isFinite(lat) && Number.isFinite(lon)) map?.showCase(row.dataset["case"] ?? "", lat, lon);
}

const list = find("[data-desk-list]");
if (list) {
  list.addEventListener("focusin", (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-case]");
    if (row) choose(list, row);
  });
  listenToKeys(list);
}
watchQueue();
