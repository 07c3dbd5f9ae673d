/** What colours the districts, in which five steps. Pure. */

import type { Overview, Recorded } from "../shared/api/types.ts";

/**
 * The share of recorded items that are neutralised; or, within a period, how many items were found or neutralised in
 * it: two counts that never form a share.
 */
export type Measure = { of: "share" } | { of: "detected" | "neutralised"; /** The full scale, in items. */ full: number };

export const SHARE: Measure = { of: "share" };

/** The measure of these figures; the scale of a number is that of the fullest district. */
export function measureOf(overview: Overview | null, inPeriod: boolean, counts: "neutralised" | "found"): Measure {
  if (!inPeriod) return SHARE;
  const of = counts === "found" ? "detected" : "neutralised";
  const districts = (overview?.regions ?? []).filter(({ level }) => level === "district");
  return { of, full: roundScale(Math.max(0, ...districts.map(({ recorded }) => recorded[of].quantity))) };
}

/** A step of the five, from the least to the most; null: nothing is counted. */
export type Step = 0 | 1 | 2 | 3 | 4 | null;

/** Where the second and the further steps begin, as parts of the full scale. */
export const STEPS = [0.2, 0.4, 0.6, 0.8] as const;

/** Into which of the five steps a part of the full scale falls. */
export function stepOf(part: number): 0 | 1 | 2 | 3 | 4 {
  const n = STEPS.filter((step) => part >= step).length;
  return n as 0 | 1 | 2 | 3 | 4;
}

/** The step of a district. A district without an item in the period counts nothing there, whatever else it holds. */
export function stepBy(measure: Measure, recorded: Recorded): Step {
  if (measure.of !== "share") {
    const { quantity } = recorded[measure.of];
    return quantity > 0 ? stepOf(quantity / measure.full) : null;
  }
  return recorded.quantity > 0 ? stepOf(recorded.neutralised.quantity / recorded.quantity) : null;
}

/** The next round number (1, 2, 3, 5, 10, ...) from here on, so that a scale seldom changes. */
export function roundScale(most: number): number {
  const wanted = Math.max(10, most);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 3, 5, 10].map((n) => n * power).find((n) => n >= wanted) ?? wanted;
}
