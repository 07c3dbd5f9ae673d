/** A period and the one before it. Pure. */

import { addMonths, firstDay, lastDay, monthOf, monthsBetween } from "../state/days.ts";

/** First and last day, both included. */
export interface Period {
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;

function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY_MS).toISOString().slice(0, 10);
}

/** The chosen days as a period that ends, without a last day, with the data; null without a first day or if it is empty. */
export function periodOf({ from, to }: { from: string | null; to: string | null }, dataTo: string | null): Period | null {
  const end = to ?? dataTo;
  return from === null || end === null || from > end ? null : { from, to: end };
}

/** The period before: as many months before whole months, whatever their lengths; otherwise as many days. */
export function before({ from, to }: Period): Period {
  const months = monthsBetween(monthOf(from), monthOf(to)) + 1;
  if (from === firstDay(monthOf(from)) && to === lastDay(monthOf(to))) {
    return { from: addMonths(monthOf(from), -months) + "-01", to: lastDay(addMonths(monthOf(from), -1)) };
  }
  const days = Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}
