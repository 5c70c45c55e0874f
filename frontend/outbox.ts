// On every page: sends what waits, tells how much it is, and asks before signing out.
import { canKeep, Outbox } from "./outbox/engine.ts";
import { guardSignOut } from "./outbox/sign_out.ts";
import { showStrip } from "./outbox/strip.ts";
import { find } from "./page.ts";

declare global {
  interface Window { mxOutbox?: Outbox }
}

function installApp(): void {
  // After the page itself, which matters more on a slow network.
  window.addEventListener("load", () => {
    void navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  });
}

if (canKeep()) {
  const outbox = new Outbox();
  window.mxOutbox = outbox;
  const strip = find("[data-outbox-strip]");
  if (strip) showStrip(outbox, strip);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sign-out]")) {
    guardSignOut(outbox, form);
  }
  outbox.start();
  if (strip && "serviceWorker" in navigator) installApp();
}
