/**
 * Where the time line's player can stop: at the end of every month from the first to the last with data, and today.
 * Pure: the present month comes in.
 */

import { addMonths, lastDay, monthOf, monthRange } from "./days.ts";

export interface Stop {
  month: string;
  /** The day at whose end it shows the records; null: as they are now. */
  asOf: string | null;
}

/**
 * The present month has not ended, so its stop is today. `months` are in order; none: nothing to play.
 */
export function stopsOf(months: readonly string[], present: string): Stop[] {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const ended = addMonths(present, -1);
  const past = monthRange(first, last < ended ? last : ended);
  return [...past.map((month) => ({ month, asOf: lastDay(month) })), { month: present, asOf: null }];
}

/** The stop at which a day lies: that of its month, or the nearest there is. */
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
