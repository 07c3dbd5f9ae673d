/** What is wrong with a record that came in, in the words of the reader. */

/** The names of problems that the server may tell whoever records. */
export const PROBLEMS = [
  // Why something is set aside.
  "conflict", "missing", "approved", "foreign", "outside", "operator", "needs_reason", "illegal_change",
  // What a record cannot be.
  "no_value", "in_future", "too_early", "before_detected", "out_of_range", "too_long", "too_many",
  // What a photo cannot be, and who may not send.
  "photo", "too-large", "forbidden",
] as const;

/** Sentences by the names of problems. `limit` is what the server names, such as 0..10000. */
export type ProblemTexts = Readonly<Record<(typeof PROBLEMS)[number], (limit: string) => string>>;

/** A problem as the server tells it. */
interface Told {
  /** In the server's words, which are English. */
  reason: string;
  /** The server's name for it; none where it has none. */
  code?: string | null;
}

/** A problem in the words of the language; in the server's where it has none of its own. */
export function problemText({ problems }: { problems: Readonly<Partial<ProblemTexts>> }, { code, reason }: Told): string {
  const limit = /\d+(?:\.\.\d+)?/.exec(reason)?.[0] ?? "";
  const known = PROBLEMS.find((name) => name === code);
  return (known === undefined ? undefined : problems[known]?.(limit)) ?? reason;
}
