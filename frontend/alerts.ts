// "Nhận tin": the phone's own place, rounded before it goes into the form, and news on this phone.
import { find, findAll, textOf } from "./page.ts";
import { offerNotices, send } from "./phone_notices.ts";
import { rounded } from "./report/place.ts";

const form = find<HTMLFormElement>("form[data-alert-form]");

function offerPlace(form: HTMLFormElement): void {
  const offer = find("[data-alert-locate]", form);
  const status = find("[data-alert-place]", form);
  if (!offer || !status || !("geolocation" in navigator)) return;
  offer.hidden = false;
  const say = (name: string): void => { status.textContent = textOf(status, name); };
  find<HTMLButtonElement>("button", offer)?.addEventListener("click", () => {
    say("asking");
    // The nearest mast is enough for a kilometre, and does not wake the satellite receiver.
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      fill(form, "lat", rounded(coords.latitude));
      fill(form, "lon", rounded(coords.longitude));
      say("found");
    }, () => say("failed"), { enableHighAccuracy: false, timeout: 15_000, maximumAge: 600_000 });
  });
}

function fill(form: HTMLFormElement, name: string, value: string): void {
  const input = find<HTMLInputElement>(`input[name=${name}]`, form);
  if (input) input.value = value;
}

/** What the form asks for; the address and the token of the session stay where they are. */
function asked(form: HTMLFormElement): Record<string, string> {
  const found: Record<string, string> = {};
  new FormData(form).forEach((value, name) => {
    if (name !== "email" && name !== "csrf_token" && typeof value === "string" && value) found[name] = value;
  });
  return found;
}

function offerPhone(form: HTMLFormElement, panel: HTMLElement): void {
  offerNotices(panel, async ({ endpoint, keys }) => {
    const answer = await send("/api/v1/alerts/push", { endpoint, keys, ...asked(form) }, {});
    if (!answer.ok) return false;
    const { page } = (await answer.json()) as { page: string };
    for (const link of findAll<HTMLAnchorElement>("[data-alert-page] a", panel)) {
      link.href = page;
      link.textContent = textOf(form, "page");
      if (link.parentElement) link.parentElement.hidden = false;
    }
    return true;
  });
  // Shown with its button, where the browser has what it needs.
  const offer = find("[data-push]", panel);
  if (offer) new MutationObserver(() => { panel.hidden = offer.hidden; }).observe(offer, { attributeFilter: ["hidden"] });
}

if (form) {
  offerPlace(form);
  const panel = find("[data-notices]", form);
  if (panel) offerPhone(form, panel);
}
