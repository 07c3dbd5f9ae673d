/** The measure that colours the districts, in five steps. Pure. */

import type { Overview, Recorded } from "../shared/api/types.ts";

/**
 * The share of recorded items that are neutralised; or, within a period, the number of items found or neutralised in it: two
 * counts that never form a share.
 */
export type Measure = { of: "share" } | { of: "detected" | "neutralised"; /** The full scale, in items. */ full: number };

export const SHARE: Measure = { of: "share" };

/** The measure of these figures; the fullest district sets the scale of a number. */
export function measureOf(overview: Overview | null, inPeriod: boolean, counts: "neutralised" | "found"): Measure {
  if (!inPeriod) return SHARE;
  const of = counts === "found" ? "detected" : "neutralised";
  const districts = (overview?.regions ?? []).filter(({ level }) => level === "district");
  return { of, full: roundScale(Math.max(0, ...districts.map(({ recorded }) => recorded[of].quantity))) };
}

/** One of the five steps, ascending; null if nothing is counted. */
export type Step = 0 | 1 | 2 | 3 | 4 | null;

/** The lower bounds of the second and further steps, as fractions of the full scale. */
export const STEPS = [0.2, 0.4, 0.6, 0.8] as const;

/** The step of a fraction of the full scale. */
export function stepOf(part: number): 0 | 1 | 2 | 3 | 4 {
  const n = STEPS.filter((step) => part >= step).length;
  return n as 0 | 1 | 2 | 3 | 4;
}

/** The step of a district. A district without an item in the period has no step, whatever else it contains. */
export function stepBy(measure: Measure, recorded: Recorded): Step {
  if (measure.of !== "share") {
    const { quantity } = recorded[measure.of];
    return quantity > 0 ? stepOf(quantity / measure.full) : null;
  }
  return recorded.quantity > 0 ? stepOf(recorded.neutralised.quantity / recorded.quantity) : null;
}

/** The next round number (1, 2, 3, 5, 10, ...) at or above, so that the scale seldom changes. */
export function roundScale(most: number): number {
  const wanted = Math.max(10, most);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 3, 5, 10].map((n) => n * power).find((n) => n >= wanted) ?? wanted;
}
