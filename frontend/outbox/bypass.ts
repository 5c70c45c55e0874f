// A phone without room sends its form past the outbox, under the key of what it had kept so far.
import type { Outbox } from "./engine.ts";

/** Nothing of a report stays once the server has shown its receipt under this very key. */
export async function forgetSent(outbox: Pick<Outbox, "store" | "tell">, key: string): Promise<void> {
  const item = await outbox.store.byKey(key);
  // With codes it went by the outbox, which keeps them until they are saved.
  if (!item || item.codes) return;
  await outbox.store.remove(item.id);
  outbox.tell({ item: null });
}
