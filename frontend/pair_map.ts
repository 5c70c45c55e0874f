// The small map of two places that may be one: both with their names, and the line between them.
import { find, revealScripted } from "./page.ts";
import { dressMap } from "./map/case_map.ts";

interface Named { name: string; lon: number; lat: number }

// Nearer, two places of the same problem leave the picture empty around them.
const NEAREST_ZOOM = 17;

/** The names stand on the outer sides, so that two pins on one spot can both be read. */
export function sidesOf(left: { lon: number }, right: { lon: number }): ["left" | "right", "left" | "right"] {
  return left.lon > right.lon ? ["right", "left"] : ["left", "right"];
}

function draw(map: L.Map, places: [Named, Named]): void {
  const corners = places.map(({ lat, lon }) => L.latLng(lat, lon));
  L.polyline(corners, { interactive: false, className: "mx-pair-line" }).addTo(map);
  const sides = sidesOf(places[0], places[1]);
  places.forEach(({ name, lat, lon }, number) => {
    const className = `mx-pair mx-pair--${number + 1}`;
    L.circleMarker([lat, lon], { radius: 9, interactive: false, className })
      .bindTooltip(name, { permanent: true, direction: sides[number], className: "mx-pair-name" })
      .addTo(map);
  });
  map.fitBounds(L.latLngBounds(corners), { padding: [70, 40], maxZoom: NEAREST_ZOOM, animate: false });
}

function startPairMap(): void {
  const container = find("#map[data-pair]");
  const map = window.mxMap;
  if (!container || !map) return;
  revealScripted(container.closest("section") ?? document);
  map.invalidateSize();
  draw(map, JSON.parse(container.dataset["pair"] ?? "[]") as [Named, Named]);
  // The two places matter more than the outline: a failure there is no failure of the map.
  dressMap(map, container).catch(() => undefined);
}

if (typeof document !== "undefined") startPairMap();
