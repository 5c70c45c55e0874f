// The button that lets this phone be told. The browser asks for permission only when it is pressed.
import { find, textOf } from "./page.ts";

/** Tells the server where this browser can be reached; whether it will be told from now on. */
export type Tell = (subscription: PushSubscriptionJSON) => Promise<boolean>;

/** Offers Web Push in a panel, where the browser has it; otherwise the panel's button stays hidden. */
export function offerNotices(panel: HTMLElement, tell: Tell = tellOfReport(panel)): void {
  const offer = find("[data-push]", panel);
  if (offer && "serviceWorker" in navigator && "PushManager" in window) void start(panel, offer, tell);
}

/** For a panel that names the report and its code. */
function tellOfReport(panel: HTMLElement): Tell {
  return async ({ endpoint, keys }) => (await send(
    `/api/v1/reports/${panel.dataset["report"] ?? ""}/push`, { endpoint, keys },
    { "X-Tracking-Code": panel.dataset["code"] ?? "" },
  )).ok;
}

async function start(panel: HTMLElement, offer: HTMLElement, tell: Tell): Promise<void> {
  const on = find<HTMLButtonElement>("[data-push-on]", offer);
  const off = find<HTMLButtonElement>("[data-push-off]", offer);
  const status = find("[data-push-status]", offer);
  const registration = await navigator.serviceWorker.getRegistration("/");
  if (!on || !off || !status || !registration) return;
  off.hidden = (await registration.pushManager.getSubscription()) === null;
  offer.hidden = false;
  const say = (name: string): void => {
    status.textContent = textOf(panel, name);
    on.hidden = name === "on";
    off.hidden = name !== "on";
  };
  on.addEventListener("click", () => {
    on.disabled = true;
    void turnOn(panel, registration, tell).then(say).finally(() => { on.disabled = false; });
  });
  off.addEventListener("click", () => {
    off.disabled = true;
    void turnOff(registration).then(say).finally(() => { off.disabled = false; });
  });
}

/** Which sentence tells how it went. */
async function turnOn(
  panel: HTMLElement, registration: ServiceWorkerRegistration, tell: Tell,
): Promise<"on" | "denied" | "failed"> {
  if ((await Notification.requestPermission()) !== "granted") return "denied";
  try {
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: panel.dataset["key"] ?? "",
    });
    return (await tell(subscription.toJSON())) ? "on" : "failed";
  } catch {
    return "failed";
  }
}

/** Ends the subscription of this phone, at the server too where there is a network. */
export async function turnOff(registration: ServiceWorkerRegistration): Promise<"off" | "failed"> {
  try {
    const subscription = await registration.pushManager.getSubscription();
    if (subscription) {
      // A push to an address that is no more tells the server in its turn.
      await send("/api/v1/push/stop", { endpoint: subscription.endpoint }, {}).catch(() => undefined);
      await subscription.unsubscribe();
    }
    return "off";
  } catch {
    return "failed";
  }
}

export function send(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    // Without the session: the code alone gives the right, and nothing ties the phone to an account.
    method: "POST", credentials: "omit", body: JSON.stringify(body),
    headers: {
      "Content-Type": "application/json", "Accept-Language": document.documentElement.lang, ...headers,
    },
  });
}
