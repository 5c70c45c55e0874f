// Signing out asks while reports wait in this phone; with nothing waiting it leaves nothing behind.
import { forgetTasks } from "../field/notes.ts";
import { fill, find, textOf } from "../page.ts";
import { waitingParcels } from "../parcels/notes.ts";
import type { Outbox } from "./engine.ts";
import { type Item, pending } from "./item.ts";
import { forgetAccount } from "../report/account.ts";
import { forgetFiles } from "../visits/notes.ts";
import { wipe } from "./wipe.ts";

/** Reports, begun ones among them, that have not arrived whole. */
export function unsent(items: Item[]): Item[] {
  return items.filter((item) => pending(item) || item.state === "refused" || item.state === "draft");
}

export function guardSignOut(outbox: Outbox, form: HTMLFormElement): void {
  const dialog = find<HTMLDialogElement>("[data-sign-out-ask]");
  let settled = false;
  const leave = () => {
    settled = true;
    form.submit();
  };
  form.addEventListener("submit", (event) => {
    if (settled) return;
    event.preventDefault();
    void ask().catch(leave);
  });

  async function ask(): Promise<void> {
    const left = unsent(await outbox.store.all()).length
      + await waitingParcels(outbox.store);
    if (left > 0 && dialog?.showModal) {
      const words = find("[data-sign-out-words]", dialog);
      if (words) words.textContent = fill(textOf(words, "left"), { count: left });
      dialog.showModal();
      return;
    }
    outbox.store.leaving = true;
    if (left === 0) await wipe(outbox.store);
    leave();
  }

  find("[data-sign-out-keep]", dialog ?? document)?.addEventListener("click", () => {
    outbox.store.leaving = true;
    void forgetAccount(outbox.store).then(() => forgetTasks(outbox.store))
      .then(() => forgetFiles(outbox.store)).then(leave, leave);
  });
  find("[data-sign-out-wipe]", dialog ?? document)?.addEventListener("click", () => {
    outbox.store.leaving = true;
    void wipe(outbox.store).then(leave, leave);
  });
}
