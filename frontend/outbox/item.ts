// One report on its way: what is kept of it in the phone, and how its state may change. Nothing here
// touches the page, the network or the store.

/** What a person filled in, by the names of the form: text, or whether a box is ticked. */
export type Fields = Record<string, string | boolean>;

/**
 * draft    being written in the form
 * waiting  to be sent; may be edited
 * sending  an attempt has begun: the bytes are frozen until a definite answer
 * files    the report has arrived; photos or voice are still to come
 * sent     everything has arrived; only the codes are left
 * refused  the server said what is wrong; may be edited and sent again
 */
export type State = "draft" | "waiting" | "sending" | "files" | "sent" | "refused";

export interface Attachment {
  kind: "photo" | "voice";
  sha256: string;
  size: number;
  type: string;
  /** When the photo says it was taken, in Việt Nam's time. */
  taken_at?: string;
  seconds?: number;
  done: boolean;
  /** Why it could not be taken, in the server's words. */
  problem?: string;
}

export interface Refusal { detail: string; fields: Record<string, string> }

export interface Codes {
  report_code: string;
  /** Null once it was re-issued or the report was withdrawn. */
  tracking_code: string | null;
}

/** Why nothing goes out now: no network, the server asked to wait, another account is signed in. */
export type Hold = "network" | "server" | "account";

export interface Item {
  id: number;
  /** The Idempotency-Key. */
  key: string;
  state: State;
  /** When it was stored by the phone's clock or, once sent, when it arrived by the server's: milliseconds. */
  at: number;
  /** Of a draft: the days of the phone's clock on which it has lain here since it was last written. */
  days?: string[];
  /** Who must be signed in when it is sent; empty for a guest. */
  account: string;
  language: string;
  fields: Fields;
  files: Attachment[];
  /** The bytes of the request, from the first attempt on. */
  frozen: string | null;
  /** Frozen bytes of an attempt whose outcome was never known, before a refusal opened it again. */
  earlier: string | null;
  tries: number;
  hold: Hold | null;
  /** Not before this moment, in milliseconds. */
  notBefore: number;
  refusal: Refusal | null;
  codes: Codes | null;
}

export type NewItem = Omit<Item, "id">;

const DAY = 24 * 3600_000;
export const KEEP_CODES_MS = 30 * DAY;
/** Days on which the phone was used: a clock that jumps by years makes one more of them. */
export const KEEP_DRAFTS_DAYS = 7;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Longer than any wait that the server asks for. */
const FARTHEST_WAIT_MS = 2 * 3_600_000;

export function newItem(key: string, now: number, account: string, language: string): NewItem {
  return {
    key, account, language, state: "draft", at: now, fields: {}, files: [], frozen: null, earlier: null,
    tries: 0, hold: null, notBefore: 0, refusal: null, codes: null,
  };
}

/** Whether a person may still change it. */
export function editable(item: Item): boolean {
  return item.state === "draft" || item.state === "waiting" || item.state === "refused";
}

/** Whether it is still to arrive, whole or in part. */
export function pending(item: Item): boolean {
  return item.state === "waiting" || item.state === "sending" || item.state === "files";
}

/** Whether something of it should go out at this moment. */
export function due(item: Item, now: number): boolean {
  return pending(item) && !waits(item.notBefore, now);
}

/** Whether a wait is still on. One that ends too far ahead was set while the phone's clock was wrong. */
export function waits(until: number, now: number): boolean {
  return until > now && until - now <= FARTHEST_WAIT_MS;
}

/** How long to leave the server alone after so many tries without an answer. */
export function backOff(tries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1), LONGEST_WAIT_MS);
}

/** The files that are still to be put. */
export function missing(item: Item): Attachment[] {
  return item.files.filter((file) => !file.done);
}

/** What a person wrote, now to be sent. */
export function submitted(item: Item, fields: Fields, files: Attachment[], now: number): Item {
  if (!editable(item)) return item;
  return {
    ...item, fields, files, state: "waiting", at: now, refusal: null, hold: null, notBefore: 0, tries: 0,
  };
}

/** An attempt begins: from here on the same bytes go out each time. */
export function begun(item: Item, body: string): Item {
  if (item.state !== "waiting" && item.state !== "sending") return item;
  return { ...item, state: "sending", frozen: item.frozen ?? body, tries: item.tries + 1 };
}

/** Nobody knows whether it arrived, or the server asked to come back. */
export function postponed(item: Item, hold: Hold, notBefore: number): Item {
  return pending(item) ? { ...item, hold, notBefore } : item;
}

/** The server's 2xx for this very key: words and contact leave the phone at once. */
export function accepted(item: Item, codes: Codes, stored: string[], now: number): Item {
  const files = item.files.map((file) => (
    // Without a code nothing can be put any more: re-issued or withdrawn.
    { ...file, done: file.done || codes.tracking_code === null || stored.includes(file.sha256) }
  ));
  return finished({
    ...item, state: "files", at: now, codes, files, fields: {}, frozen: null, earlier: null, refusal: null,
    hold: null, notBefore: 0, tries: 0,
  });
}

/** The server refused it and stored nothing of this attempt. It opens again. */
export function refusedWith(item: Item, refusal: Refusal): Item {
  if (item.state !== "waiting" && item.state !== "sending") return item;
  const earlier = item.earlier ?? (item.tries > 1 ? item.frozen : null);
  return { ...item, state: "refused", refusal, earlier, frozen: null, hold: null, notBefore: 0 };
}

/** The key was used before for bytes whose fate was unknown: those have arrived, so they are sent. */
export function backToEarlier(item: Item): Item {
  return { ...item, frozen: item.earlier, earlier: null, hold: null, notBefore: 0 };
}

/** One file arrived, or can never be taken. */
export function fileSettled(item: Item, sha256: string, problem?: string): Item {
  const files = item.files.map((file) => (
    file.sha256 !== sha256 ? file : { ...file, done: true, ...(problem ? { problem } : {}) }
  ));
  return finished({ ...item, files, hold: null, notBefore: 0, tries: 0 });
}

/** One file has to be tried again. */
export function fileFailed(item: Item, hold: Hold, notBefore: number): Item {
  return { ...item, hold, notBefore, tries: item.tries + 1 };
}

/** It goes without the account it was written under. */
export function unbound(item: Item): Item {
  return item.state === "waiting" || item.state === "sending"
    ? { ...item, account: "", hold: null, notBefore: 0 } : item;
}

/** The network is back: what waited for it need not wait longer. */
export function released(item: Item): Item {
  return item.hold === "network" ? { ...item, hold: null, notBefore: 0 } : item;
}

function finished(item: Item): Item {
  if (item.state !== "files" || missing(item).length > 0) return item;
  return { ...item, state: "sent" };
}

/** A draft that lies here on another day. */
export function seenOn(item: Item, day: string): Item {
  const days = item.days ?? [];
  return item.state !== "draft" || days.includes(day) ? item : { ...item, days: [...days, day] };
}

/** Whether a draft was left for good. */
export function abandoned(item: Item): boolean {
  return item.state === "draft" && (item.days?.length ?? 0) > KEEP_DRAFTS_DAYS;
}

/** Whether the codes seem to have been here long enough, or the phone's clock is not to be believed. */
export function seemsOld(item: Item, now: number): boolean {
  return item.state === "sent" && Math.abs(now - item.at) > KEEP_CODES_MS;
}

/** Whether the codes have been here long enough, by the server's clock. */
export function outlived(item: Item, serverNow: number): boolean {
  return item.state === "sent" && serverNow - item.at > KEEP_CODES_MS;
}
