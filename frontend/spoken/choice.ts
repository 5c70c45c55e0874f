interface SpokenLink {
  dataset: DOMStringMap;
}

/** The recording to play at a touch: in the remembered language, or the only one; else none. */
export function chosenLink<Link extends SpokenLink>(links: Link[], language: string): Link | null {
  const kept = links.find((link) => link.dataset["spokenIn"] === language);
  return kept ?? (links.length === 1 ? (links[0] ?? null) : null);
}
