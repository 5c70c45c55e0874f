// Photos and voice of the form as they are kept and sent: named by the hash of their bytes.
import type { Attachment } from "../outbox/item.ts";
import type { Bytes } from "../outbox/store.ts";
import { sha256 } from "../outbox/values.ts";
import { factsOf } from "./photos.ts";
import type { VoiceNote } from "./voice.ts";

export interface Attached { files: Attachment[]; added: Bytes[] }

const known = new WeakMap<Blob, Promise<Bytes>>();

/** The bytes of a file with their name, read once. */
function bytesOf(file: Blob): Promise<Bytes> {
  const reading = known.get(file) ?? file.arrayBuffer().then(async (bytes) => ({ sha256: await sha256(bytes), bytes }));
  known.set(file, reading);
  return reading;
}

export async function attached(photos: File[], note: VoiceNote | null): Promise<Attached> {
  const files: Attachment[] = [], added: Bytes[] = [];
  const add = async (file: Blob, rest: Omit<Attachment, "sha256" | "size" | "done">) => {
    const read = await bytesOf(file);
    if (files.some((each) => each.sha256 === read.sha256)) return;
    files.push({ ...rest, sha256: read.sha256, size: read.bytes.byteLength, done: false });
    added.push(read);
  };
  for (const photo of photos) {
    const { taken } = await factsOf(photo);
    await add(photo, { kind: "photo", type: photo.type || "image/jpeg", ...(taken ? { taken_at: taken } : {}) });
  }
  if (note) await add(note.blob, { kind: "voice", type: note.type, seconds: note.seconds });
  return { files, added };
}
