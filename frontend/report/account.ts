// Under whose account a report is written. A form opened without network does not know who is signed
// in; it takes who was, for as long as a session lasts.
import type { Store } from "../outbox/store.ts";

interface Remembered { account: string; at: number }

const NOTE = "account";
const SESSION_MS = 12 * 3600_000;

export async function accountOf(form: HTMLFormElement, store: Store): Promise<string> {
  const told = form.dataset["account"];
  const now = Date.now();
  if (told !== undefined) {
    await store.setNote(NOTE, { account: told, at: now } satisfies Remembered);
    return told;
  }
  const kept = await store.note<Remembered>(NOTE);
  return kept && now - kept.at < SESSION_MS ? kept.account : "";
}

/** Nobody is signed in any more. */
export async function forgetAccount(store: Store): Promise<void> {
  await store.setNote(NOTE, { account: "", at: 0 } satisfies Remembered);
}
