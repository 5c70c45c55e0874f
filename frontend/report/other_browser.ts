// Zalo opens links in a browser of its own that forgets what it keeps: the form works there while
// there is a network, and the phone's own browser is offered.
import { find } from "../page.ts";

/** An address that Android opens in Chrome. */
export function chromeAddress(page: { protocol: string; host: string; pathname: string }): string {
  const scheme = page.protocol.replace(":", "");
  return `intent://${page.host}${page.pathname}#Intent;scheme=${scheme};package=com.android.chrome;end`;
}

export function offerOtherBrowser(form: HTMLFormElement): void {
  const strip = find("[data-in-zalo]", form);
  if (!strip || !/\bZalo/i.test(navigator.userAgent)) return;
  strip.hidden = false;
  const link = find<HTMLAnchorElement>("a[data-open-chrome]", strip);
  if (link && /Android/i.test(navigator.userAgent)) {
    link.href = chromeAddress(location);
    link.hidden = false;
  }
}
