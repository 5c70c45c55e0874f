// "Nhận tin quanh đây": the link takes the middle of the map along, rounded to about a kilometre.
import { find } from "../page.ts";
import { rounded } from "../report/place.ts";

const RADIUS_KM = 5;
/** From here on the middle of the map is a place; before it is only the province. */
const NEAR_ZOOM = 10;

export function linkNewsToMap(): void {
  const link = find<HTMLAnchorElement>("[data-alert-here]");
  link?.addEventListener("click", () => {
    const map = window.mxMap;
    if (!map || map.getZoom() < NEAR_ZOOM) return;
    const centre = map.getCenter().wrap();
    link.search = `?lat=${rounded(centre.lat)}&lon=${rounded(centre.lng)}&radius=${RADIUS_KM}`;
  });
}
