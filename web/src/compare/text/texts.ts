/** The keys that every language fills: the table of districts. */

export interface CompareTexts {
  title: string;
  of: string;
  all: string;
  selected: (n: string) => string;
  presets: Record<"lastMonth" | "last12", string>;
  countedBack: (day: string) => string;
  spans: (period: string, before: string) => string;
  noPeriod: string;
  noStart: string;
  incomplete: (day: string) => string;
  uncovered: (day: string) => string;
  recorded: string;
  records: string;
  found: string;
  neutralised: string;
  now: string;
  before: string;
  change: string;
  noneBefore: string;
  select: (name: string) => string;
  selectHint: string;
  sideBySide: string;
  remove: (name: string) => string;
  axes: string;
  curveOf: (name: string, detected: string, neutralised: string) => string;
}
