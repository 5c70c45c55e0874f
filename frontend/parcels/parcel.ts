// Something that was filled in on a phone, on its way to the server. Nothing here touches the page,
// the network or the store.
import { backOff, waits } from "../outbox/item.ts";

/**
 * waiting  to be sent, or nobody knows whether it arrived
 * sent     it has arrived; only the line that says so is left
 * refused  the server said why not
 */
export interface Parcel {
  /** The Idempotency-Key. */
  key: string;
  title: string;
  account: string;
  language: string;
  at: number;
  state: "waiting" | "sent" | "refused";
  tries: number;
  /** Another account is signed in, or none. */
  held: boolean;
  notBefore: number;
  problem: string;
}

const KEEP_SENT_MS = 24 * 3600_000;

export function newParcel(key: string, title: string, account: string, language: string, now: number): Parcel {
  return {
    key, title, account, language: language || "vi", at: now, state: "waiting", tries: 0, held: false,
    notBefore: 0, problem: "",
  };
}

export function lasting<Kind extends Parcel>(parcels: Kind[], now: number): Kind[] {
  return parcels.filter((parcel) => parcel.state !== "sent" || now - parcel.at < KEEP_SENT_MS);
}

export function due(parcel: Parcel, now: number): boolean {
  return parcel.state === "waiting" && !waits(parcel.notBefore, now);
}

export function arrived<Kind extends Parcel>(parcel: Kind, now: number): Kind {
  return { ...parcel, state: "sent", at: now, held: false, problem: "" };
}

export function refused<Kind extends Parcel>(parcel: Kind, problem: string): Kind {
  return { ...parcel, state: "refused", problem, held: false };
}

/** An attempt: what follows it if nobody ever learns how it ended. */
export function tried<Kind extends Parcel>(parcel: Kind, now: number): Kind {
  const tries = parcel.tries + 1;
  return { ...parcel, tries, held: false, notBefore: now + backOff(tries) };
}

/** A list in which one parcel stands anew. */
export function replaced<Kind extends Parcel>(parcels: Kind[], parcel: Kind): Kind[] {
  return parcels.map((each) => (each.key === parcel.key ? parcel : each));
}
