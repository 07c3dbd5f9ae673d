/** Why what was typed is no position: each has a sentence in the reader's language, which stands at its box. */

export const FAULTS = [
  "characters", "number", "commas", "two", "axis", "sign", "sixty", "fraction", "range", "letters", "zone", "swapped",
  "ambiguous", "mgrsDigits", "mgrsSquare", "mgrsLetters", "mils", "bearing", "distance", "declination", "accuracy",
] as const;
export type Fault = (typeof FAULTS)[number];

/** What was read, or why not. */
export type Read<T> = { value: T; fault?: undefined } | { fault: Fault; value?: undefined };
