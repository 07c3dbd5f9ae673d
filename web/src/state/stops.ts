/**
 * Where the time line's player can stop: at the end of every month in which something is recorded, and today. Months
 * without records are left out, and the line says how many: to play them would show the same state again and again.
 * Pure: the present month comes in.
 */

import { lastDay, monthOf, monthsBetween } from "./days.ts";

export interface Stop {
  month: string;
  /** The day at whose end it shows the records; null: as they are now. */
  asOf: string | null;
}

/** A column of the time line: a stop by its number, or the months that are left out between two. */
export type Column = { stop: number; month: string } | { empty: number; after: string };

/**
 * The present month has not ended, so its stop is today. `months` are those with records, in order; none: nothing to
 * play.
 */
export function stopsOf(months: readonly string[], present: string): Stop[] {
  if (months.length === 0) return [];
  const past = months.filter((month) => month < present);
  return [...past.map((month) => ({ month, asOf: lastDay(month) })), { month: present, asOf: null }];
}

/** The stops side by side, with a column for every gap between them. */
export function columnsOf(stops: readonly Stop[]): Column[] {
  return stops.flatMap(({ month }, i): Column[] => {
    const before = stops[i - 1]?.month;
    const empty = before === undefined ? 0 : monthsBetween(before, month) - 1;
    const column: Column = { stop: i, month };
    return empty > 0 && before !== undefined ? [{ empty, after: before }, column] : [column];
  });
}

/** On which side of all these months a period lies; null: one of them is in it. */
export function sideOf(months: readonly string[], from: string | null, to: string | null): "before" | "after" | null {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (to !== null && monthOf(to) < first) return "before";
  return from !== null && monthOf(from) > last ? "after" : null;
}

/** The stop at which a day lies: that of its month, or the nearest before it. */
export function stopAt(stops: readonly Stop[], asOf: string | null): number {
  if (asOf === null) return stops.length - 1;
  return Math.max(0, stops.findLastIndex((stop) => stop.asOf !== null && stop.month <= monthOf(asOf)));
}

/** Which way a key moves along the time line, in months: arrows one, Page keys a year, Home and End to the ends. */
export function stride(key: string): number | undefined {
  return { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12, Home: -Infinity, End: Infinity }[key];
}

/** The stop that lies so many further on; never beyond an end. */
export function moved(at: number, by: number, last: number): number {
  return Math.max(0, Math.min(last, at + by));
}
