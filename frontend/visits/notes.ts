// The files of an inspector lie as a note in the store of reports: what wipes that store wipes them too.
import type { Store } from "../outbox/store.ts";
import { freshFiles, type VisitFiles } from "./visit.ts";

const FILES = "visit-files";

export async function keptFiles(store: Store, now: number): Promise<VisitFiles | null> {
  return freshFiles(await store.note<VisitFiles>(FILES), now);
}

export async function keepFiles(store: Store, files: VisitFiles): Promise<void> {
  if (!store.leaving) await store.setNote(FILES, files);
}

/** An unannounced visit must stay unannounced. */
export async function forgetFiles(store: Store): Promise<void> {
  await store.setNote(FILES, null);
}
