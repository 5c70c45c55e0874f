// Tasks lie as a note in the store of reports: what wipes that store wipes them too.
import type { Store } from "../outbox/store.ts";
import { fresh, type Tasks } from "./answer.ts";

const TASKS = "field-tasks";

export async function keptTasks(store: Store, now: number): Promise<Tasks | null> {
  return fresh(await store.note<Tasks>(TASKS), now);
}

export async function keepTasks(store: Store, tasks: Tasks): Promise<void> {
  if (!store.leaving) await store.setNote(TASKS, tasks);
}

/** What somebody was asked to look at is nobody else's business. */
export async function forgetTasks(store: Store): Promise<void> {
  await store.setNote(TASKS, null);
}
