// Where the finds of a search lie.
import type { MapFeature } from "./features.ts";
import type { Box } from "./query.ts";

/** The box of all places and boxes of clusters; null for none. */
export function boxOfAll(features: MapFeature[]): Box | null {
  if (features.length === 0) return null;
  const boxes = features.map(({ geometry, properties }) => {
    const [lon = 0, lat = 0] = geometry.coordinates;
    return properties.cluster ? properties.bbox : [lon, lat, lon, lat];
  });
  const side = (at: number) => boxes.map((box) => box[at] ?? 0);
  return {
    west: Math.min(...side(0)), south: Math.min(...side(1)), east: Math.max(...side(2)), north: Math.max(...side(3)),
  };
}
