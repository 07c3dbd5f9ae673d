/** Whether somebody who changes a record stands near it. Pure. */

/** Farther than this from a record it is asked whether it is the right one: more than a good position is ever off, less than a walk. */
export const FAR_M = 200;

/** `accuracy_m`: how far the phone may be from where it says. */
export function isFar(away_m: number, accuracy_m: number): boolean {
  return away_m - accuracy_m > FAR_M;
}
