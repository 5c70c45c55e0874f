// Parcels of one kind lie as one note in the store of reports: what wipes that store wipes them too.
import type { Store } from "../outbox/store.ts";
import { lasting, type Parcel } from "./parcel.ts";

export async function keptParcels<Kind extends Parcel>(store: Store, note: string): Promise<Kind[]> {
  return await store.note<Kind[]>(note) ?? [];
}

export const FIELD_ANSWERS = "field-answers", VISITS = "visits";

/** How many of all kinds have not arrived. */
export async function waitingParcels(store: Store): Promise<number> {
  const kept = await Promise.all([FIELD_ANSWERS, VISITS].map((note) => keptParcels(store, note)));
  return kept.reduce((all, more) => [...all, ...more], []).filter(({ state }) => state !== "sent").length;
}

/** Reads, changes and writes them without another tab or the worker between. */
export async function changeParcels<Kind extends Parcel>(
  store: Store, note: string, to: (parcels: Kind[]) => Kind[], now: number,
): Promise<Kind[]> {
  return navigator.locks.request(`mat-xanh-${note}`, async () => {
    const changed = lasting(to(await keptParcels<Kind>(store, note)), now);
    await store.setNote(note, changed);
    return changed;
  });
}
