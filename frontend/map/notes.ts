// What the map says of itself: one of the notes that its template holds, or none.
import { findAll } from "../page.ts";

export type Note = "loading" | "empty" | "many" | "error";

export function showNote(wanted: Note | null): void {
  for (const note of findAll("[data-map-note]")) {
    note.hidden = note.dataset["mapNote"] !== wanted;
  }
}
