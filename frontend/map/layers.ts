// What lies under the cases: the outline of the area, and islands and communes with their names.
import type { Feature, FeatureCollection, Point } from "geojson";
import { html } from "../page.ts";

async function readData<Data>(value: string | undefined): Promise<Data | null> {
  if (!value) return null;
  if (value.startsWith("{")) return JSON.parse(value) as Data;
  const answer = await fetch(value);
  if (!answer.ok) throw new Error(`${value}: ${answer.status}`);
  return (await answer.json()) as Data;
}

/** Draws the outline of data-outline and gives it back; null where there is none. */
export async function drawOutline(map: L.Map, value: string | undefined): Promise<L.GeoJSON | null> {
  const data = await readData<FeatureCollection>(value);
  if (!data) return null;
  return L.geoJSON(data, { interactive: false, style: { className: "mx-outline" } }).addTo(map);
}

function nameMarker(place: Feature<Point, { name: string }>, className: string): L.Marker {
  const [lon = 0, lat = 0] = place.geometry.coordinates;
  const icon = L.divIcon({
    className: "mx-marker-name", iconSize: [0, 0], iconAnchor: [4, 8],
    html: html("span", className, [place.properties.name]),
  });
  return L.marker([lat, lon], { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
}

/** Hoàng Sa and Trường Sa: points with a name, from data-islands (GeoJSON or its address). */
export async function drawIslands(map: L.Map, value: string | undefined): Promise<void> {
  const data = await readData<FeatureCollection<Point, { name: string }>>(value);
  for (const island of data?.features ?? []) nameMarker(island, "mx-island").addTo(map);
}

const NAMES_ZOOM = 10;

/** The communes by name in place of tiles that do not come; near enough not to cover each other. */
export async function drawUnitNames(map: L.Map, value: string | undefined): Promise<void> {
  const data = await readData<FeatureCollection<Point, { name: string }>>(value);
  const names = L.layerGroup((data?.features ?? []).map((unit) => nameMarker(unit, "mx-unit-name")));
  const show = () => {
    if (map.getZoom() >= NAMES_ZOOM && !navigator.onLine) names.addTo(map);
    else names.remove();
  };
  map.on("zoomend", show);
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}
