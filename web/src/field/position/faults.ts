/** Why typed text is not a position. Each fault has a sentence in the reader's language, shown at its box. */

export const FAULTS = [
  "characters", "number", "commas", "two", "axis", "sign", "sixty", "fraction", "range", "letters", "zone", "swapped",
  "ambiguous", "mgrsDigits", "mgrsSquare", "mgrsLetters", "mils", "bearing", "distance", "declination", "accuracy",
] as const;
export type Fault = (typeof FAULTS)[number];

/** The value read, or the fault. */
export type Read<T> = { value: T; fault?: undefined } | { fault: Fault; value?: undefined };
