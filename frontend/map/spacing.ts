// Clusters of neighbouring cells can lie so close that one covers the other and neither is hit by a
// finger: those are drawn as one. Cases that are drawn on their own stay where they are.
import type { ClusterProperties, MapFeature } from "./features.ts";

export interface Spot { x: number; y: number }

function asCluster({ geometry, properties }: MapFeature): ClusterProperties {
  if (properties.cluster) return properties;
  const [lon = 0, lat = 0] = geometry.coordinates;
  return { cluster: true, count: 1, overdue: Number(properties.overdue), bbox: [lon, lat, lon, lat] };
}

/** Both as one: counts add up, the place is the middle by count, the box holds both boxes. */
export function together(one: MapFeature, other: MapFeature): MapFeature {
  const [a, b] = [asCluster(one), asCluster(other)];
  const count = a.count + b.count;
  const middle = [0, 1].map((axis) =>
    ((one.geometry.coordinates[axis] ?? 0) * a.count + (other.geometry.coordinates[axis] ?? 0) * b.count) / count);
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: middle },
    properties: {
      cluster: true, count, overdue: a.overdue + b.overdue,
      bbox: [
        Math.min(a.bbox[0], b.bbox[0]), Math.min(a.bbox[1], b.bbox[1]),
        Math.max(a.bbox[2], b.bbox[2]), Math.max(a.bbox[3], b.bbox[3]),
      ],
    },
  };
}

/** The same features with clusters nearer than `apart` pixels, across or down, drawn as one. */
export function spaced(features: MapFeature[], spotOf: (feature: MapFeature) => Spot, apart: number): MapFeature[] {
  // Up to a thousand cases on their own: none folds, none needs to be compared with all others.
  if (!features.some(({ properties }) => properties.cluster)) return features;
  const found: { feature: MapFeature; spot: Spot }[] = [];
  for (const feature of features) {
    const spot = spotOf(feature);
    const near = found.findIndex((other) => {
      const folds = feature.properties.cluster || other.feature.properties.cluster;
      return folds && Math.abs(other.spot.x - spot.x) < apart && Math.abs(other.spot.y - spot.y) < apart;
    });
    const other = found[near];
    if (other) {
      const both = together(other.feature, feature);
      found[near] = { feature: both, spot: spotOf(both) };
    } else {
      found.push({ feature, spot });
    }
  }
  return found.map(({ feature }) => feature);
}
