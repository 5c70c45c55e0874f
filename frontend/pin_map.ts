// The small map of the report form: one pin, by touch, by keyboard, or from the phone's position.
import { fill, find, html, revealScripted, svg, textsOf } from "./page.ts";
import { dressMap } from "./map/case_map.ts";
import { drawUnitNames } from "./map/layers.ts";
import type { Item } from "./outbox/item.ts";
import { PLACE_EVENT, type Place, readPlace, writePlace } from "./report/place.ts";

interface PinTexts { placed: string; pin: string; waiting: string; zoom_in: string; zoom_out: string }

const PIN_ZOOM = 16;

function pinIcon(): L.DivIcon {
  const drawing = svg("svg", { class: "mx-pin", viewBox: "0 0 24 24", "aria-hidden": "true" }, [
    svg("path", {
      fill: "currentColor", "fill-rule": "evenodd",
      d: "M12 1a8 8 0 0 1 8 8c0 5-4 9-8 14C8 18 4 14 4 9a8 8 0 0 1 8-8zm0 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
    }),
  ]);
  return L.divIcon({
    className: "mx-marker", iconSize: [44, 44], iconAnchor: [22, 42], html: html("span", "", [drawing]),
  });
}

class PinMap {
  private readonly texts: PinTexts;
  private pin: L.Marker | null = null;

  constructor(
    private readonly map: L.Map, container: HTMLElement, private readonly form: HTMLFormElement,
  ) {
    this.texts = textsOf<PinTexts>(container);
    map.on("click", (event: L.LeafletMouseEvent) => this.place(event.latlng));
    map.on("keypress", (event: L.LeafletKeyboardEvent) => this.pressed(event.originalEvent));
    find("[data-pin-centre]")?.addEventListener("click", () => this.place(map.getCenter()));
    form.addEventListener(PLACE_EVENT, (event) => {
      const { lat, lon } = (event as CustomEvent<Place>).detail;
      this.draw(L.latLng(lat, lon));
      map.setView([lat, lon], Math.max(map.getZoom(), PIN_ZOOM));
    });
  }

  /** Shows a place that is already in the form, as after an error elsewhere on the page. */
  start(outline: L.GeoJSON | null): void {
    const place = readPlace(this.form);
    if (place) {
      this.draw(L.latLng(place.lat, place.lon));
      this.map.setView([place.lat, place.lon], PIN_ZOOM);
    } else if (outline) {
      this.map.fitBounds(outline.getBounds());
    }
  }

  /** The places of the other reports that wait in this phone; they go with them, also when wiped. */
  drawWaiting(items: Item[]): void {
    for (const { fields, state } of items) {
      const lat = Number.parseFloat(String(fields["lat"])), lon = Number.parseFloat(String(fields["lon"]));
      if (state === "draft" || !Number.isFinite(lat) || !Number.isFinite(lon)) continue;
      L.circleMarker([lat, lon], { radius: 8, className: "mx-own-pin" })
        .bindTooltip(this.texts.waiting).addTo(this.map);
    }
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.target !== this.map.getContainer()) return;
    event.preventDefault();
    this.place(this.map.getCenter());
  }

  private place(at: L.LatLng): void {
    const place = at.wrap();
    writePlace(this.form, { lat: place.lat, lon: place.lng, accuracy: null, source: "map" });
    this.draw(place);
    const status = find("[data-pin-status]");
    const values = { lat: place.lat.toFixed(5), lon: place.lng.toFixed(5) };
    if (status) status.textContent = fill(this.texts.placed, values);
  }

  private draw(at: L.LatLng): void {
    if (this.pin) {
      this.pin.setLatLng(at);
      return;
    }
    this.pin = L.marker(at, { icon: pinIcon(), draggable: true, autoPan: true }).addTo(this.map);
    this.pin.getElement()?.setAttribute("aria-label", this.texts.pin);
    this.pin.on("dragend", () => this.pin && this.place(this.pin.getLatLng()));
  }
}

/** Waits until a screen of the form shows the map: a hidden map has no size to fit anything into. */
function whenShown(map: L.Map, container: HTMLElement): Promise<void> {
  return new Promise((resolve) => {
    new ResizeObserver(() => {
      map.invalidateSize();
      if (container.clientWidth > 0) resolve();
    }).observe(container);
  });
}

async function startPinMap(): Promise<void> {
  const container = find("[data-pin-map]");
  const form = container?.closest("form");
  const map = window.mxMap;
  if (!container || !form || !map) return;
  revealScripted(form);
  const pins = new PinMap(map, container, form);
  const outline = await dressMap(map, container).catch(() => null);
  void drawUnitNames(map, container.dataset["names"]).catch(() => undefined);
  void window.mxOutbox?.store.all().then((items) => pins.drawWaiting(items)).catch(() => undefined);
  await whenShown(map, container);
  pins.start(outline);
}

void startPinMap();
