/** The letters and words for the direction of a coordinate, in English, Azerbaijani and Russian. */

export type Axis = "lon" | "lat";

export interface Direction {
  axis: Axis;
  /** 0: the word names the axis, not the direction. */
  sign: 1 | -1 | 0;
}

const north: Direction = { axis: "lat", sign: 1 };
const south: Direction = { axis: "lat", sign: -1 };
const east: Direction = { axis: "lon", sign: 1 };
const west: Direction = { axis: "lon", sign: -1 };

/** Whole words and abbreviations without dots. Cyrillic С is north, Latin C is south (Azerbaijani cənub). */
const WHOLE: Readonly<Record<string, Direction>> = {
  n: north, с: north, сш: north, ş: north, şe: north, şm: north,
  s: south, ю: south, юш: south, юг: south, c: south, ce: south, cn: south,
  // The Latin B and the Cyrillic Е are typed for their look-alikes.
  e: east, е: east, в: east, b: east, вд: east, şq: east, şu: east,
  w: west, з: west, зд: west, q: west, qu: west, qb: west,
  lat: { axis: "lat", sign: 0 }, ш: { axis: "lat", sign: 0 }, lon: { axis: "lon", sign: 0 }, long: { axis: "lon", sign: 0 }, lng: { axis: "lon", sign: 0 }, д: { axis: "lon", sign: 0 },
};

/** The beginnings of longer words. */
const BEGINNINGS: readonly (readonly [string, Direction])[] = [
  ["north", north], ["сев", north], ["şimal", north],
  ["south", south], ["южн", south], ["cənub", south],
  ["east", east], ["вост", east], ["şərq", east],
  ["west", west], ["зап", west], ["qərb", west],
  ["latitude", { axis: "lat", sign: 0 }], ["широт", { axis: "lat", sign: 0 }], ["enli", { axis: "lat", sign: 0 }],
  ["longitude", { axis: "lon", sign: 0 }], ["долгот", { axis: "lon", sign: 0 }], ["uzunlu", { axis: "lon", sign: 0 }],
];

/** Returns the direction a word denotes, ignoring dots and case; null if it is not a direction. */
export function direction(word: string): Direction | null {
  // Lower-casing İ leaves a combining dot.
  const plain = word.toLowerCase().replace(/[.\s\u0307]/gu, "");
  return WHOLE[plain] ?? BEGINNINGS.find(([start]) => plain.startsWith(start))?.[1] ?? null;
}

/** Merges two words about one coordinate, such as `северной широты`; null if they contradict each other. */
export function both(a: Direction | null, b: Direction): Direction | null {
  if (a === null) return b;
  if (a.axis !== b.axis || (a.sign !== 0 && b.sign !== 0)) return null;
  return { axis: a.axis, sign: a.sign === 0 ? b.sign : a.sign };
}
