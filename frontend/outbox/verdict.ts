// What an answer of the server means for the report. Only an answer that is surely the server's own
// is believed: a hotel's or carrier's sign-in page answers 200 as well.
import type { Challenge } from "../proof.ts";
import type { Codes, Refusal } from "./item.ts";

export interface Problem {
  type: string; detail: string; fields?: Record<string, string>; challenge?: Challenge;
}

export interface Receipt extends Codes {
  state: string;
  photos: { sha256: string; state: string }[];
  unit?: { name: string };
  received_at?: string;
  next_step?: string;
}

export type Verdict =
  | { kind: "accepted"; receipt: Receipt }
  | { kind: "refused"; refusal: Refusal; type: string }
  /** A proof of work is asked for. */
  | { kind: "proof"; challenge: Challenge | null }
  /** The session is gone or its token is old. */
  | { kind: "session" }
  /** Nobody knows, or come back: after so many milliseconds, null where nothing was said. */
  | { kind: "later"; after: number | null };

export interface Answer {
  status: number; type: string; retryAfter: string | null; body: unknown;
  /** The server's clock, in milliseconds. */
  date: number | null;
}

const TEMPORARY = new Set([408, 409, 423, 425, 429]);

function problemOf(answer: Answer): Problem | null {
  const body = answer.body as Partial<Problem> | null;
  const ours = answer.type.startsWith("application/problem+json")
    && typeof body?.type === "string" && body.type.startsWith("/loi/");
  return ours ? { detail: "", ...body } as Problem : null;
}

function receiptOf(answer: Answer): Receipt | null {
  const body = answer.body as Partial<Receipt> | null;
  const ours = answer.type.startsWith("application/json") && typeof body?.report_code === "string"
    && body.tracking_code !== undefined && Array.isArray(body.photos);
  return ours ? body as Receipt : null;
}

/** Retry-After in milliseconds: seconds or a date; null when it says nothing. */
export function retryAfter(value: string | null, now: number): number | null {
  if (!value) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) * 1000 : null;
}

export function judgeReport(answer: Answer, now: number, withAccount: boolean): Verdict {
  const later: Verdict = { kind: "later", after: retryAfter(answer.retryAfter, now) };
  if (answer.status === 200 || answer.status === 201) {
    const receipt = receiptOf(answer);
    return receipt ? { kind: "accepted", receipt } : later;
  }
  const problem = problemOf(answer);
  if (!problem || answer.status >= 500 || answer.status < 400) return later;
  if (answer.status === 429 && problem.type.endsWith("/proof-required")) {
    return { kind: "proof", challenge: problem.challenge ?? null };
  }
  if (TEMPORARY.has(answer.status)) return later;
  // With a cookie the token is asked for: without it 400, with a session that ended 401.
  if (withAccount && (answer.status === 401 || problem.type === "/loi/http-400")) {
    return { kind: "session" };
  }
  const refusal = { detail: problem.detail, fields: problem.fields ?? {} };
  return { kind: "refused", refusal, type: problem.type };
}

export type FileVerdict =
  | { kind: "stored" }
  /** It can never be taken; the others still go. */
  | { kind: "lost"; detail: string }
  | { kind: "later"; after: number | null };

export function judgeFile(answer: Answer, sha256: string, now: number): FileVerdict {
  const later: FileVerdict = { kind: "later", after: retryAfter(answer.retryAfter, now) };
  if (answer.status === 200 || answer.status === 201) {
    const body = answer.body as { sha256?: string } | null;
    return body?.sha256 === sha256 ? { kind: "stored" } : later;
  }
  const problem = problemOf(answer);
  if (!problem || answer.status >= 500 || TEMPORARY.has(answer.status)) return later;
  return { kind: "lost", detail: problem.detail };
}
