/**
 * The accuracy of a position. `accuracy_m` is the radius in metres of the circle that contains the true place with 95 %
 * probability. Sources of the figures: docs/field.md.
 */

/** The largest usable error: beyond it, the value describes a region, not a position. */
export const LARGEST_M = 1_000;

/** The accuracy of a hand-held receiver under open sky, if none is reported. */
export const RECEIVER_M = 15;

/** The map scales in use. */
export const SCALES = [10_000, 25_000, 50_000, 100_000, 200_000] as const;
export const USUAL_SCALE = 50_000;

/** A point read from a paper map is accurate to one millimetre on the map. */
export function mapAccuracy(scale: number): number {
  return scale / 1000;
}

/** The probability of the radius that the phone's system reports; browsers pass it on unchanged. */
const TOLD = { android: 0.68, apple: 1 - Math.exp(-1), other: 0.95 } as const;

export type System = keyof typeof TOLD;

export function systemOf(userAgent: string): System {
  if (userAgent.includes("Android")) return "android";
  return /iPhone|iPad|iPod|Macintosh/.test(userAgent) ? "apple" : "other";
}

/** Converts the radius reported by the browser to the 95 % radius; null if unknown. Assumes two-dimensional errors (Rayleigh). */
export function radius95(told_m: number | null | undefined, system: System): number | null {
  // Mock providers, and receivers that do not know their accuracy, report 0.
  if (told_m === null || told_m === undefined || !Number.isFinite(told_m) || told_m <= 0) return null;
  return told_m * Math.sqrt(Math.log(0.05) / Math.log(1 - TOLD[system]));
}

/** Combines independent errors. */
export function together(...metres: readonly number[]): number {
  return tenths(Math.hypot(...metres));
}

/** Rounds up to a tenth of a metre. */
export function tenths(metres: number): number {
  return Math.ceil(metres * 10 - 1e-9) / 10;
}
