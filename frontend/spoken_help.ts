// Spoken help: one button plays the recording in the language this phone remembers.
import { find, findAll, textOf } from "./page.ts";
import { chosenLink } from "./spoken/choice.ts";

const KEPT = "mx-spoken-language";
let playing: { audio: HTMLAudioElement; stopped: () => void } | null = null;

for (const box of findAll("[data-spoken]")) offerSpeaker(box);

function offerSpeaker(box: HTMLElement): void {
  const button = find<HTMLButtonElement>("[data-spoken-play]", box);
  const others = find<HTMLDetailsElement>("[data-spoken-others]", box);
  const links = findAll<HTMLAnchorElement>("a[data-spoken-in]", box);
  if (!button || !others || links.length === 0) return;
  const show = (): void => {
    const link = chosenLink(links, remembered());
    button.hidden = link === null;
    others.hidden = link !== null && links.length === 1;
    const language = find("[data-spoken-language]", button);
    if (language) language.textContent = link ? `(${link.textContent ?? ""})` : "";
    const summary = find("[data-spoken-summary]", box);
    if (summary && link) summary.textContent = textOf(summary, "other");
  };
  button.addEventListener("click", () => {
    const link = chosenLink(links, remembered());
    if (link) play(link.href, button);
  });
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      remember(link.dataset["spokenIn"] ?? "");
      others.open = false;
      document.dispatchEvent(new Event("mx-spoken"));
      play(link.href, button);
    });
  }
  // Choosing a language once chooses it for every speaker of the page.
  document.addEventListener("mx-spoken", show);
  show();
}

function play(url: string, button: HTMLButtonElement): void {
  const word = find("[data-spoken-word]", button) ?? button;
  const was = playing;
  was?.audio.pause();
  was?.stopped();
  playing = null;
  if (was && was.audio.src === url) return; // the second touch stops it
  const audio = new Audio(url);
  const stopped = (): void => { word.textContent = textOf(button, "play"); };
  playing = { audio, stopped };
  word.textContent = textOf(button, "stop");
  const ended = (name: string) => (): void => {
    if (playing?.audio === audio) playing = null;
    word.textContent = textOf(button, name);
  };
  audio.addEventListener("ended", ended("play"));
  audio.addEventListener("error", ended("failed"));
  void audio.play().catch(() => undefined); // the error event says it
}

function remembered(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return ""; // storage may be forbidden
  }
}

function remember(language: string): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // then it is chosen again on the next page
  }
}
