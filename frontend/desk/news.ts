// Asks every 20 seconds, while somebody looks, whether the queue has changed; never moves what the
// officer is reading.
import { find } from "../page.ts";

const EVERY_MS = 20_000;

class QueueNews {
  private timer = 0;

  constructor(
    private readonly notice: HTMLElement,
    private readonly address: string,
    private readonly version: string,
  ) {
    document.addEventListener("visibilitychange", () => this.seen());
    this.wait();
  }

  private wait(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), EVERY_MS);
  }

  private seen(): void {
    if (document.visibilityState === "visible") void this.ask();
    else window.clearTimeout(this.timer);
  }

  private async ask(): Promise<void> {
    if (document.visibilityState !== "visible" || !this.notice.hidden) return;
    try {
      const answer = await fetch(this.address, { headers: { Accept: "application/json" } });
      const { version } = (await answer.json()) as { version?: string | number };
      if (answer.ok && version !== undefined) this.notice.hidden = String(version) === this.version;
    } catch {
      // No network for a moment: the next question comes by itself.
    }
    this.wait();
  }
}

export function watchQueue(): void {
  const notice = find("[data-queue-news]");
  const { versionUrl, version } = notice?.dataset ?? {};
  if (notice && versionUrl && version !== undefined) new QueueNews(notice, versionUrl, version);
}
