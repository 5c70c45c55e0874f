// "Tôi đang ở chỗ đó": asks the phone, keeps the best answer of a few seconds.
import { fill, find, textOf } from "../page.ts";
import { judge, PLACE_EVENT, type Place, roundedMetres, writePlace } from "./place.ts";

const LISTEN_MS = 15_000;

class Locator {
  private watch: number | null = null;
  private best = Infinity;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly button: HTMLButtonElement,
    private readonly status: HTMLElement,
  ) {
    button.addEventListener("click", () => this.start());
  }

  private start(): void {
    this.stop();
    this.best = Infinity;
    this.say("asking");
    this.button.setAttribute("aria-busy", "true");
    this.watch = navigator.geolocation.watchPosition(
      (position) => this.found(position.coords), (error) => this.failed(error),
      { enableHighAccuracy: true, timeout: LISTEN_MS, maximumAge: 0 },
    );
    window.setTimeout(() => this.stop(), LISTEN_MS);
  }

  private stop(): void {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
    this.button.removeAttribute("aria-busy");
  }

  private found(at: GeolocationCoordinates): void {
    if (this.watch === null || at.accuracy >= this.best) return;
    this.best = at.accuracy;
    const place: Place = {
      lat: at.latitude, lon: at.longitude, accuracy: at.accuracy, source: "gps",
    };
    writePlace(this.form, place);
    this.form.dispatchEvent(new CustomEvent<Place>(PLACE_EVENT, { detail: place }));
    const judgement = judge(at.accuracy);
    this.say(judgement === "coarse" ? "coarse" : "found", roundedMetres(at.accuracy));
    if (judgement === "good") this.stop();
  }

  private failed(error: GeolocationPositionError): void {
    this.stop();
    // A worse second answer does not undo a first good one.
    if (this.best === Infinity) this.say(error.code === 1 ? "denied" : "failed");
  }

  private say(what: string, metres = 0): void {
    this.status.textContent = fill(textOf(this.status, what), { metres });
  }
}

export function offerLocation(form: HTMLFormElement): void {
  const button = find<HTMLButtonElement>("[data-locate]", form);
  const status = find("[data-locate-status]", form);
  if (!button || !status) return;
  if (!("geolocation" in navigator)) {
    button.hidden = true;
    return;
  }
  new Locator(form, button, status);
}
