// The random values of the outbox: token of the day, keys, digests. The token is all that limits need
// to know of who sends; it says nothing about the person or the phone.
import { type KeptToken, tokenOfDay } from "../device_token.ts";
import type { Store } from "./store.ts";

const NOTE = "device";

/** Today's token of this phone; another one tomorrow. */
export async function deviceToken(store: Store, now: number): Promise<string> {
  const kept = await store.note<KeptToken>(NOTE) ?? null;
  const present = tokenOfDay(kept, new Date(now));
  if (present !== kept) await store.setNote(NOTE, present);
  return present.token;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** A random key for one report (UUID version 4). */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
