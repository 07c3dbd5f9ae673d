/** The months of a chart: every month in order, with its items and cumulative counts. Pure. */

import type { Month } from "../shared/api/types.ts";
import { monthRange } from "../state/days.ts";
import { withStatements } from "./csv.ts";
import type { Statement } from "./provenance.ts";

export interface Point {
  month: string;
  detected: number;
  neutralised: number;
  /** Cumulative counts from the first month to this one. */
  allDetected: number;
  allNeutralised: number;
}

/** Adds the months that the server left out, with zero counts: the time axis must be continuous. `span`: another first and last month. */
export function series(months: readonly Month[], span?: readonly [string, string]): Point[] {
  const [first, last] = span ?? [months[0]?.month, months.at(-1)?.month];
  if (first === undefined || last === undefined) return [];
  const known = new Map(months.map((month) => [month.month, month]));
  let [allDetected, allNeutralised] = [0, 0];
  return monthRange(first, last).map((month) => {
    const detected = known.get(month)?.detected.quantity ?? 0;
    const neutralised = known.get(month)?.neutralised.quantity ?? 0;
    allDetected += detected;
    allNeutralised += neutralised;
    return { month, detected, neutralised, allDetected, allNeutralised };
  });
}

/** Writes the same numbers as CSV. */
export function csv(points: readonly Point[], statements: readonly Statement[]): string {
  const heading = ["month", "items_detected", "items_neutralised", "items_detected_cumulative", "items_neutralised_cumulative"];
  return withStatements(heading, points.map((p) => [p.month, p.detected, p.neutralised, p.allDetected, p.allNeutralised]), statements);
}

/** The months that get an axis label: the first of each year, or of each quarter if there are few months. */
export function axisMonths(months: readonly string[]): string[] {
  if (months.length <= 8) return [...months];
  const quarters = months.filter((month) => ["01", "04", "07", "10"].includes(month.slice(5)));
  if (quarters.length <= 6) return quarters;
  const years = months.filter((month) => month.endsWith("-01"));
  const every = Math.ceil(years.length / 6);
  return years.filter((_, i) => i % every === 0);
}
