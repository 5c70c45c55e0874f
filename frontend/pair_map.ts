// The small map of two places that may be one: both with their names, and the line between them.
import { find, revealScripted } from "./page.ts";
import { dressMap } from "./map/case_map.ts";

interface Named { name: string; lon: number; lat: number }

// Nearer, two places of the same problem leave the picture empty around them.
const NEAREST_ZOOM = 17;

type Side = "top" | "bottom";
// Zoom buttons stand on the upper left, islands on the lower left; a name takes its room above or
// below its place.
const KEPT_CLEAR: Record<"narrow" | "wide", L.FitBoundsOptions> = {
  narrow: { paddingTopLeft: [110, 48], paddingBottomRight: [60, 150] },
  wide: { paddingTopLeft: [220, 48], paddingBottomRight: [70, 48] },
};
const WIDE = 600;
const BESIDE: Record<Side, L.PointTuple> = { top: [0, -10], bottom: [0, 10] };

/** The names stand on the outer sides, so that two places on one spot can both be read. */
export function sidesOf(one: { lat: number }, other: { lat: number }): [Side, Side] {
  return one.lat < other.lat ? ["bottom", "top"] : ["top", "bottom"];
}

function draw(map: L.Map, places: [Named, Named]): void {
  const corners = places.map(({ lat, lon }) => L.latLng(lat, lon));
  L.polyline(corners, { interactive: false, className: "mx-place-line" }).addTo(map);
  const sides = sidesOf(places[0], places[1]);
  places.forEach(({ name, lat, lon }, number) => {
    const className = `mx-place mx-place--${number + 1}`;
    const direction = sides[number] ?? "top";
    L.circleMarker([lat, lon], { radius: 9, fillOpacity: 1, interactive: false, className })
      .bindTooltip(name, {
        permanent: true, direction, offset: BESIDE[direction], className: "mx-place-name",
      })
      .addTo(map);
  });
  const clear = KEPT_CLEAR[map.getSize().x < WIDE ? "narrow" : "wide"];
  map.fitBounds(L.latLngBounds(corners), { ...clear, maxZoom: NEAREST_ZOOM, animate: false });
}

function startPairMap(): void {
  const container = find("#map[data-pair]");
  const map = window.mxMap;
  if (!container || !map) return;
  revealScripted(container.closest("section") ?? document);
  map.invalidateSize();
  draw(map, JSON.parse(container.dataset["pair"] ?? "[]") as [Named, Named]);
  // The two places matter more than the outline: a failure there is no failure of the map.
  dressMap(map, container).then((outline) => outline?.bringToBack()).catch(() => undefined);
}

if (typeof document !== "undefined") startPairMap();
