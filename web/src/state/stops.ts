/**
 * The stops of the timeline's player: the end of every month with records, and today. Months without records are skipped,
 * and the timeline shows how many: playing them would repeat the same state. Pure: the present month is passed in.
 */

import { lastDay, monthOf, monthsBetween } from "./days.ts";

export interface Stop {
  month: string;
  /** The day at whose end it shows the records; null for now. */
  asOf: string | null;
}

/** A column of the timeline: a stop by its number, or the months skipped between two. */
export type Column = { stop: number; month: string } | { empty: number; after: string };

/**
 * The present month has not ended, so its stop is today. `months` are those with records, in order; if empty, there is
 * nothing to play.
 */
export function stopsOf(months: readonly string[], present: string): Stop[] {
  if (months.length === 0) return [];
  const past = months.filter((month) => month < present);
  return [...past.map((month) => ({ month, asOf: lastDay(month) })), { month: present, asOf: null }];
}

/** The stops in order, with a column for every gap between them. */
export function columnsOf(stops: readonly Stop[]): Column[] {
  return stops.flatMap(({ month }, i): Column[] => {
    const before = stops[i - 1]?.month;
    const empty = before === undefined ? 0 : monthsBetween(before, month) - 1;
    const column: Column = { stop: i, month };
    return empty > 0 && before !== undefined ? [{ empty, after: before }, column] : [column];
  });
}

/** Whether a period is before or after all these months; null if one of them is in it. */
export function sideOf(months: readonly string[], from: string | null, to: string | null): "before" | "after" | null {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (to !== null && monthOf(to) < first) return "before";
  return from !== null && monthOf(from) > last ? "after" : null;
}

/** The stop of a day: that of its month, or the nearest before it. */
export function stopAt(stops: readonly Stop[], asOf: string | null): number {
  if (asOf === null) return stops.length - 1;
  return Math.max(0, stops.findLastIndex((stop) => stop.asOf !== null && stop.month <= monthOf(asOf)));
}

/** The movement of a key along the timeline, in months: arrows one, Page keys a year, Home and End to the ends. */
export function stride(key: string): number | undefined {
  return { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12, Home: -Infinity, End: Infinity }[key];
}

/** The stop this many further on, limited to the ends. */
export function moved(at: number, by: number, last: number): number {
  return Math.max(0, Math.min(last, at + by));
}
