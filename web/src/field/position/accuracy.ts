/**
 * How well a position is known. `accuracy_m` is the radius in metres that holds the true place with a probability of 95 %.
 * Sources of the figures: docs/field.md.
 */

/** Farther off than this, what is told is a region and no position. */
export const LARGEST_M = 1_000;

/** What a hand-held receiver under open sky is known to, when nobody says how well it knew. */
export const RECEIVER_M = 15;

/** The scales of the maps that are in use. */
export const SCALES = [10_000, 25_000, 50_000, 100_000, 200_000] as const;
export const USUAL_SCALE = 50_000;

/** A point that is read from a paper map is known to one millimetre of it. */
export function mapAccuracy(scale: number): number {
  return scale / 1000;
}

/** What the phone's system says holds the true place with this probability; it is told through the browser as it is. */
const TOLD = { android: 0.68, apple: 1 - Math.exp(-1), other: 0.95 } as const;

export type System = keyof typeof TOLD;

export function systemOf(userAgent: string): System {
  if (userAgent.includes("Android")) return "android";
  return /iPhone|iPad|iPod|Macintosh/.test(userAgent) ? "apple" : "other";
}

/** The radius of 95 % from the one that the browser tells; null: it is not known. Errors of two dimensions, Rayleigh's. */
export function radius95(told_m: number | null | undefined, system: System): number | null {
  // Mock providers, and receivers that do not know it, say 0.
  if (told_m === null || told_m === undefined || !Number.isFinite(told_m) || told_m <= 0) return null;
  return told_m * Math.sqrt(Math.log(0.05) / Math.log(1 - TOLD[system]));
}

/** Errors that have nothing to do with each other. */
export function together(...metres: readonly number[]): number {
  return tenths(Math.hypot(...metres));
}

/** Up, to a tenth of a metre. */
export function tenths(metres: number): number {
  return Math.ceil(metres * 10 - 1e-9) / 10;
}
