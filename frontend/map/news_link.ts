// "Nhận tin quanh đây": the link takes the middle of the map along, rounded to about a kilometre.
import { find } from "../page.ts";
import { rounded } from "../report/place.ts";

const RADIUS_KM = 5;

export function linkNewsToMap(): void {
  const link = find<HTMLAnchorElement>("[data-alert-here]");
  link?.addEventListener("click", () => {
    const centre = window.mxMap?.getCenter().wrap();
    if (centre) link.search = `?lat=${rounded(centre.lat)}&lon=${rounded(centre.lng)}&radius=${RADIUS_KM}`;
  });
}
