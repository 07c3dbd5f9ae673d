/** Problems of a record, in the reader's language. */

/** The names of problems that the server may report to a sender. */
export const PROBLEMS = [
  // Reasons for holding a write.
  "conflict", "missing", "approved", "foreign", "outside", "operator", "needs_reason", "illegal_change",
  // Invalid values.
  "no_value", "in_future", "too_early", "before_detected", "out_of_range", "too_long", "too_many",
  // Unusable photos, and missing rights.
  "photo", "too-large", "forbidden",
] as const;

/** Sentences by the names of problems. `limit` is the limit that the server names, such as 0..10000. */
export type ProblemTexts = Readonly<Record<(typeof PROBLEMS)[number], (limit: string) => string>>;

/** A problem as the server reports it. */
interface Told {
  /** The server's text, in English. */
  reason: string;
  /** The server's name for it, if any. */
  code?: string | null;
}

/** Returns a problem's text in the reader's language, or else the server's own text. */
export function problemText({ problems }: { problems: Readonly<Partial<ProblemTexts>> }, { code, reason }: Told): string {
  const limit = /\d+(?:\.\.\d+)?/.exec(reason)?.[0] ?? "";
  const known = PROBLEMS.find((name) => name === code);
  return (known === undefined ? undefined : problems[known]?.(limit)) ?? reason;
}
