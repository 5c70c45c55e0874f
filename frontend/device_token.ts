// The token of this phone: random, new every day, so that no two days can be tied together. It only
// tells the limiter that a phone is not a hundred phones.

export interface KeptToken {
  day: string;
  token: string;
}

/** A day by a name of its own. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** The token of this day: the kept one, or a new one once its day has passed. */
export function tokenOfDay(kept: KeptToken | null, now: Date): KeptToken {
  const day = dayOf(now);
  if (kept && kept.day === day && kept.token.length >= 32) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return { day, token: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}
