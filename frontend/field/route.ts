// How an answer from a place goes to the server: fields and photos in one form.
import { FIELD_ANSWERS } from "../parcels/notes.ts";
import { arrived, replaced } from "../parcels/parcel.ts";
import type { Route } from "../parcels/sender.ts";
import type { Answer } from "./answer.ts";

function bodyOf(answer: Answer): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(answer.fields)) body.append(name, value);
  for (const photo of answer.photos) {
    body.append("photos", new Blob([photo.bytes], { type: photo.type }), photo.name);
  }
  return body;
}

export const ANSWERS: Route<Answer> = {
  note: FIELD_ANSWERS,
  letter: (answer) => ({ address: `/can-bo/nhiem-vu/xem/${answer.task}/tra-loi`, body: bodyOf(answer) }),
  ours: (body) => (body as { state?: string } | null)?.state === "done",
  /** Words and photos leave the phone. */
  taken: (all, answer, _body, now) => replaced(all, { ...arrived(answer, now), fields: {}, photos: [] }),
};
