/** Checks the day of a find. */

import { clockDoubt, likelyNow, type ClockDoubt } from "./clock.ts";
import { today } from "./record.ts";

/** The earliest plausible day: nothing recorded here was laid before it. */
export const FIRST_DAY = "1990-01-01";

export type DayFault = "missing" | "early" | "future";

/** `recorded` is the day the record had before its correction, which may be an old one. */
export function dayFault(day: string, recorded: string | null, now = new Date()): DayFault | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return "missing";
  if (day < FIRST_DAY && day !== recorded) return "early";
  return isFuture(day, clockDoubt(now), now) ? "future" : null;
}

function isFuture(day: string, doubt: ClockDoubt | null, now: Date): boolean {
  // A clock that shows an impossible time proves nothing about the future, and satellites are trusted less than the server.
  if (doubt !== null && doubt.now === null) return false;
  const latest = doubt?.by === "satellites" ? [today(now), today(likelyNow(now))].sort().at(-1) : today(likelyNow(now));
  return latest !== undefined && day > latest;
}
