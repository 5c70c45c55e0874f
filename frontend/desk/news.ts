// Asks every 20 seconds, while somebody looks, what came since the list was made; never moves what
// the officer is reading.
import { fill, find, textOf } from "../page.ts";

const EVERY_MS = 20_000;

interface News { new: number; moved: boolean }

/** What the badge says; empty for nothing. New ones go before mere changes. */
export function newsWords(news: News, fresh: string, moved: string): string {
  if (news.new > 0) return fill(fresh, { count: news.new >= 100 ? "99+" : news.new });
  return news.moved ? moved : "";
}

class QueueNews {
  private timer = 0;

  constructor(private readonly notice: HTMLElement, private readonly address: string) {
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
    const version = find("[data-map-list]")?.dataset["version"];
    if (document.visibilityState !== "visible" || version === undefined) return;
    try {
      const address = new URL(this.address, location.href);
      for (const [name, value] of new URLSearchParams(location.search)) {
        if (name !== "cursor") address.searchParams.set(name, value);
      }
      address.searchParams.set("since", version);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok) this.tell((await answer.json()) as News);
    } catch {
      // No network for a moment: the next question comes by itself.
    }
    this.wait();
  }

  private tell(news: News): void {
    const words = newsWords(news, textOf(this.notice, "new"), textOf(this.notice, "moved"));
    const shown = find("[data-news-words]", this.notice);
    if (shown && shown.textContent !== words) shown.textContent = words;
    this.notice.hidden = words === "";
  }
}

/** Starts asking; `reload` takes the news in without leaving the page. */
export function watchQueue(reload: () => Promise<void>): void {
  const notice = find("[data-queue-news]");
  const address = notice?.dataset["versionUrl"];
  if (!notice || !address) return;
  find("[data-reload]", notice)?.addEventListener("click", (event) => {
    event.preventDefault();
    void reload().then(() => { notice.hidden = true; });
  });
  new QueueNews(notice, address);
}
