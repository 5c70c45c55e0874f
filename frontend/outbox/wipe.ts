import { turnOff } from "../phone_notices.ts";
import type { Store } from "./store.ts";

/** Nothing of anybody stays in this browser; the application's own public files may. */
export async function wipe(store: Store): Promise<void> {
  await store.wipe();
  sessionStorage.clear();
  localStorage.clear();
  if ("caches" in window) await caches.delete("mx-pages");
  const worker = await navigator.serviceWorker?.getRegistration("/").catch(() => undefined);
  if (worker && "pushManager" in worker) await turnOff(worker);
}
