/** Whether the day of a find can be right. */

import { clockDoubt, likelyNow, type ClockDoubt } from "./clock.ts";
import { today } from "./record.ts";

/** Before this, none of what is recorded here was laid. */
export const FIRST_DAY = "1990-01-01";

export type DayFault = "missing" | "early" | "future";

/** `recorded`: the day that the record had before it is mended, which may be an old one. */
export function dayFault(day: string, recorded: string | null, now = new Date()): DayFault | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return "missing";
  if (day < FIRST_DAY && day !== recorded) return "early";
  return isFuture(day, clockDoubt(now), now) ? "future" : null;
}

function isFuture(day: string, doubt: ClockDoubt | null, now: Date): boolean {
  // A clock that shows what cannot be says nothing of the future, and satellites are believed less than the server.
  if (doubt !== null && doubt.now === null) return false;
  const latest = doubt?.by === "satellites" ? [today(now), today(likelyNow(now))].sort().at(-1) : today(likelyNow(now));
  return latest !== undefined && day > latest;
}
