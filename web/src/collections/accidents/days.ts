/** The days whose accidents are shown and counted. Pure. */

import { firstDay, lastDay, monthOf } from "../../state/days.ts";

/** First and last day, both included; null if open. */
export interface Days {
  from: string | null;
  to: string | null;
}

/** The whole months that contain the days: public counts are of whole months. */
export function wholeMonths({ from, to }: Days): Days {
  return { from: from === null ? null : firstDay(monthOf(from)), to: to === null ? null : lastDay(monthOf(to)) };
}

export function sameDays(a: Days, b: Days): boolean {
  return a.from === b.from && a.to === b.to;
}

/** The number of days. */
export function length(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
}
