// The markers of cases and clusters. A marker stays while its case stays in view, so that an open
// popup and the keyboard's place survive a move of the map.
import { fill, html } from "../page.ts";
import type { CaseProperties, ClusterProperties, MapFeature } from "./features.ts";
import { caseMark, clusterMark, shortCount } from "./shapes.ts";
import { spaced } from "./spacing.ts";

export interface MapTexts {
  states: Record<string, string>;
  overdue: string; open: string; cluster: string; zoom_in: string; zoom_out: string;
}

const SIZE = 44;
// Of two marks so far apart each keeps a part that a finger hits (WCAG 2.5.8: 24 px).
const APART = 28;

function keyOf(feature: MapFeature): string {
  return JSON.stringify([feature.geometry.coordinates, feature.properties]);
}

interface Drawn { marker: L.Marker; code: string | null }

export class CaseLayer {
  private readonly drawn = new Map<string, Drawn>();
  private readonly byCode = new Map<string, L.Marker>();
  private current = "";

  constructor(
    private readonly map: L.Map,
    private readonly texts: MapTexts,
    private readonly caseUrl: string,
  ) {
    // Leaflet hears Escape only while the map itself has the focus, not a link in a popup.
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
  }

  /** Makes the map show exactly these. */
  show(features: MapFeature[]): void {
    const apart = spaced(features, (feature) => this.spotOf(feature), APART);
    const wanted = new Map(apart.map((feature) => [keyOf(feature), feature]));
    for (const [key, drawn] of this.drawn) {
      if (!wanted.has(key)) this.remove(key, drawn);
    }
    for (const [key, feature] of wanted) {
      if (!this.drawn.has(key)) this.add(key, feature);
    }
  }

  private spotOf({ geometry }: MapFeature): L.Point {
    const [lon = 0, lat = 0] = geometry.coordinates;
    return this.map.latLngToLayerPoint([lat, lon]);
  }

  /** Marks one case, now or when it is drawn; says false when it is not drawn on its own yet. */
  highlight(caseCode: string): boolean {
    this.byCode.get(this.current)?.getElement()?.classList.remove("is-current");
    this.current = caseCode;
    const chosen = this.byCode.get(caseCode);
    chosen?.getElement()?.classList.add("is-current");
    return chosen !== undefined;
  }

  private remove(key: string, { marker, code }: Drawn): void {
    const hadFocus = marker.getElement() === document.activeElement;
    marker.remove();
    this.drawn.delete(key);
    if (code !== null && this.byCode.get(code) === marker) this.byCode.delete(code);
    if (hadFocus) this.map.getContainer().focus();
  }

  private add(key: string, feature: MapFeature): void {
    const { properties } = feature;
    const marker = properties.cluster
      ? this.clusterMarker(feature, properties) : this.caseMarker(feature, properties);
    const code = properties.cluster ? null : properties.case_code;
    this.drawn.set(key, { marker, code });
    if (code === null) return;
    this.byCode.set(code, marker);
    marker.getElement()?.setAttribute("data-code", code);
    if (code === this.current) marker.getElement()?.classList.add("is-current");
  }

  private marker(feature: MapFeature, mark: HTMLElement, label: string): L.Marker {
    const [lon = 0, lat = 0] = feature.geometry.coordinates;
    const icon = L.divIcon({ className: "mx-marker", iconSize: [SIZE, SIZE], html: mark });
    const marker = L.marker([lat, lon], { icon, riseOnHover: true }).addTo(this.map);
    marker.getElement()?.setAttribute("aria-label", label);
    return marker;
  }

  private clusterMarker(feature: MapFeature, cluster: ClusterProperties): L.Marker {
    const { count, overdue } = cluster;
    const shown = shortCount(count, document.documentElement.lang);
    const label = fill(this.texts.cluster, { count: shown, overdue });
    const marker = this.marker(feature, clusterMark(shown, overdue / count), label);
    marker.on("click", () => this.openCluster(cluster));
    marker.on("keypress", (event: L.LeafletEvent) => {
      const key = (event as L.LeafletKeyboardEvent).originalEvent.key;
      if (key === "Enter" || key === " ") this.openCluster(cluster);
    });
    return marker;
  }

  private openCluster(cluster: ClusterProperties): void {
    const [west, south, east, north] = cluster.bbox;
    const box = L.latLngBounds([south, west], [north, east]);
    const zoom = Math.min(this.map.getBoundsZoom(box), this.map.getMaxZoom());
    // Where the box is no smaller than the view, fitting it would change nothing.
    this.map.setView(box.getCenter(), Math.max(zoom, this.map.getZoom() + 1));
  }

  private caseMarker(feature: MapFeature, found: CaseProperties): L.Marker {
    const state = this.texts.states[found.state] ?? "";
    const facts = [state, found.overdue ? this.texts.overdue : ""].filter((text) => text !== "");
    const label = [found.title, ...facts].join(", ");
    const marker = this.marker(feature, caseMark(found.state, found.overdue), label);
    const clear: L.PointTuple = [60, 8]; // of the zoom buttons
    marker.bindPopup(() => this.popup(found, facts), { minWidth: 180, maxWidth: 240, autoPanPaddingTopLeft: clear });
    marker.on("popupopen", (event: L.PopupEvent) => {
      const chosen = new CustomEvent("mx-case-chosen", { detail: found.case_code, bubbles: true });
      this.map.getContainer().dispatchEvent(chosen);
      if (document.activeElement === marker.getElement()) {
        event.popup.getElement()?.querySelector<HTMLElement>(".leaflet-popup-content a")?.focus();
      }
    });
    marker.on("popupclose", (event: L.PopupEvent) => {
      const held = event.popup.getElement()?.contains(document.activeElement);
      if (held) marker.getElement()?.focus();
    });
    return marker;
  }

  private popup(found: CaseProperties, facts: string[]): HTMLElement {
    const link = document.createElement("a");
    link.href = this.caseUrl + encodeURIComponent(found.case_code);
    link.append(this.texts.open);
    const title = html("p", "", [html("strong", "", [found.title])]);
    return html("div", "", [title, html("p", "", [facts.join(" · ")]), link]);
  }
}
