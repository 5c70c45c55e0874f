// Tasks and answers lie as two notes in the store of reports: what wipes that store wipes them too.
import type { Store } from "../outbox/store.ts";
import { type Answer, fresh, lasting, type Tasks } from "./answer.ts";

const TASKS = "field-tasks", ANSWERS = "field-answers";
const WRITING = "mat-xanh-field-notes";

export async function keptTasks(store: Store, now: number): Promise<Tasks | null> {
  return fresh(await store.note<Tasks>(TASKS), now);
}

export async function keepTasks(store: Store, tasks: Tasks): Promise<void> {
  await store.setNote(TASKS, tasks);
}

/** What somebody was asked to look at is nobody else's business. */
export async function forgetTasks(store: Store): Promise<void> {
  await store.setNote(TASKS, null);
}

export async function keptAnswers(store: Store): Promise<Answer[]> {
  return await store.note<Answer[]>(ANSWERS) ?? [];
}

/** Answers that have not arrived. */
export async function waitingAnswers(store: Store): Promise<number> {
  return (await keptAnswers(store)).filter((answer) => answer.state !== "sent").length;
}

/** Reads, changes and writes the answers without another tab or the worker between. */
export async function changeAnswers(
  store: Store, to: (answers: Answer[]) => Answer[], now: number,
): Promise<Answer[]> {
  return navigator.locks.request(WRITING, async () => {
    const changed = lasting(to(await keptAnswers(store)), now);
    await store.setNote(ANSWERS, changed);
    return changed;
  });
}
