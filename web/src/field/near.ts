/** Checks whether the user is near the record they change. Pure. */

/** Beyond this distance the user is asked whether it is the right record: more than the error of a good position, less than a walk. */
export const FAR_M = 200;

/** `accuracy_m` is the error radius of the phone's position. */
export function isFar(away_m: number, accuracy_m: number): boolean {
  return away_m - accuracy_m > FAR_M;
}
