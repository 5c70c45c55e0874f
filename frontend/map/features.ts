// What the map answers: cases and clusters of cases, as GeoJSON.
import type { Feature, Point } from "geojson";

export interface CaseProperties {
  cluster: false; case_code: string; category: string; state: string; overdue: boolean; title: string;
}

export interface ClusterProperties {
  cluster: true; count: number; overdue: number; bbox: [number, number, number, number];
}

export type MapFeature = Feature<Point, CaseProperties | ClusterProperties>;
