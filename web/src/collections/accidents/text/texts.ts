/** The keys of the texts about accidents, which every language fills. */

import type { ReviewTexts } from "../../../shared/text/access/texts.ts";
import type { Outcome } from "../outcome.ts";

export interface AccidentTexts {
  heading: string;
  one: string;
  /** What a number counts, after the number. */
  accidents: (n: number) => string;
  killed: (n: number) => string;
  injured: (n: number) => string;
  known: string;
  none: string;
  /** Something happened, but no number is public. */
  withheld: (fewest: string) => string;
  inMonths: (period: string) => string;
  unfiltered: string;
  madeUp: string;
  loading: string;
  failed: string;
  /** Before recorded counts that stand beside reported ones. */
  beside: string;
  show: string;
  /** What a symbol says about the people in an accident. */
  people: Record<Outcome, string>;
  killedUnknown: string;
  injuredUnknown: string;
  list: string;
  hurt: string;
  review: ReviewTexts;
}
