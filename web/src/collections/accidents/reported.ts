/** Which reported casualties can stand beside recorded accidents. Pure. */

import type { Group } from "../../panel/reported.ts";
import { length, wholeMonths, type Days } from "./days.ts";

/** What the recorded counts measure. Parts, such as the civilians, cannot be compared: their counts are not public. */
const MEASURES = new Set(["casualties", "killed", "injured"]);
/** Whole months stand for a period that is at most this much shorter. */
const SLACK = 0.05;

export interface Comparable extends Days {
  region: string;
}

/**
 * The region and the days whose recorded accidents are counted beside these figures; null if they cannot be compared.
 * `inMonths`: the reader sees counts of whole months only.
 */
export function comparable({ entries, period: { from, to } }: Group, inMonths: boolean): Comparable | null {
  const totals = entries.filter(({ figure, depth }) => depth === 0 && MEASURES.has(figure.measure));
  const [region, ...others] = new Set(totals.flatMap(({ figure }) => figure.regions));
  if (region === undefined || others.length > 0 || from === null || to === null) return null;
  if (!inMonths) return { region, from, to };
  const months = wholeMonths({ from, to });
  if (months.from === null || months.to === null) return null;
  const isClose = length(from, to) >= (1 - SLACK) * length(months.from, months.to);
  return isClose ? { region, ...months } : null;
}
