// Spoken help: one button plays the recording in the language this phone remembers.
import { find, findAll, textOf } from "./page.ts";
import { chosenLink } from "./spoken/choice.ts";

const KEPT = "mx-spoken-language";
let playing: { audio: HTMLAudioElement; button: HTMLButtonElement } | null = null;

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
    button.dataset["spokenIn"] = link?.textContent ?? "";
    if (playing?.button !== button) say(button, "play");
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
  const was = playing;
  was?.audio.pause();
  if (was) say(was.button, "play");
  playing = null;
  if (was && was.audio.src === url) return; // the second touch stops it
  const audio = new Audio(url);
  playing = { audio, button };
  say(button, "stop");
  const ended = (name: string) => (): void => {
    if (playing?.audio === audio) playing = null;
    say(button, name);
  };
  audio.addEventListener("ended", ended("play"));
  audio.addEventListener("error", ended("failed"));
  void audio.play().catch(() => undefined); // the error event says it
}

/** The word on the button, and the language it plays in: "Nghe (Tiếng Mông)". */
function say(button: HTMLButtonElement, name: string): void {
  const word = find("[data-spoken-word]", button);
  const language = button.dataset["spokenIn"];
  if (word) word.textContent = textOf(button, name) + (language ? ` (${language})` : "");
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
