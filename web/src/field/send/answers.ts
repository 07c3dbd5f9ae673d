/** The server's response to a sent record, as the queue interprets it. */

import type { Problem } from "../store/db.ts";
import type { Answer } from "../store/queue.ts";

/**
 * `stop`: nothing more can be sent now. `later`: this entry cannot be judged now, the next may be. `sent` with a null
 * revision: the record is stored as sent; its revision has yet to be requested.
 */
export type Read = Answer | { outcome: "sent"; revision: null } | { outcome: "sign-in" } | { outcome: "stop"; seconds: number | null } | { outcome: "later" };

interface Report {
  upload?: unknown;
  revision?: number;
  created?: number;
  updated?: number;
  unchanged?: number;
  refused?: number;
  held?: number;
  problems?: unknown;
}

export function readAnswer(status: number, body: unknown, retryAfter: string | null): Read {
  if (status === 401) return { outcome: "sign-in" };
  if (status === 429 || status === 503) return { outcome: "stop", seconds: seconds(retryAfter) };
  // 202: stored but not judged yet. Repeating the request with the same key returns the outcome.
  if (status === 202 || status >= 500 || status === 408 || isAtWork(status, body)) return { outcome: "later" };
  if (status >= 400) return { outcome: "refused", problems: problemsOf(body, status) };
  return readReport(body as Report | null);
}

/** An earlier attempt with the same key is still being judged: the next attempt gets its response. */
function isAtWork(status: number, body: unknown): boolean {
  return status === 409 && String((body as { type?: unknown } | null)?.type).endsWith(":in-progress");
}

function readReport(read: Report | null): Read {
  const report = read ?? {};
  if ((report.held ?? 0) > 0) return { outcome: "held", problems: rowsOf(report.problems), upload: text(report.upload) };
  if ((report.refused ?? 0) > 0) return { outcome: "refused", problems: problemsOf({ errors: report.problems }, 422) };
  const written = (report.created ?? 0) + (report.updated ?? 0) > 0;
  if (written && typeof report.revision === "number") return { outcome: "sent", revision: report.revision };
  // A response that is not a report comes from an intermediary: do not trust it.
  return (report.unchanged ?? 0) > 0 ? { outcome: "sent", revision: null } : { outcome: "later" };
}

/** The delay in seconds that the server requests; null if none. */
function seconds(retryAfter: string | null): number | null {
  const n = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(n) && n >= 0 ? Math.min(n, 3600) : null;
}

function text(value: unknown): string | null {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function rowsOf(errors: unknown): Problem[] {
  const rows = Array.isArray(errors) ? (errors as Record<string, unknown>[]) : [];
  return rows.map((row) => ({ field: text(row.field), value: text(row.value), reason: text(row.reason) ?? text(row.detail) ?? "", code: text(row.code) }));
}

/** All problems of the response, or its own text if it lists none. */
function problemsOf(body: unknown, status: number): Problem[] {
  const { type, errors, detail } = (body ?? {}) as { type?: unknown; errors?: unknown; detail?: unknown };
  const problems = rowsOf(errors);
  const code = text(type)?.split(":").at(-1) ?? null;
  return problems.length > 0 ? problems : [{ field: null, value: null, reason: text(detail) ?? `HTTP ${status}`, code }];
}
