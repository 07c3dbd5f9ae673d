/** The letters and words that say which way a coordinate counts, in English, Azerbaijani and Russian. */

export type Axis = "lon" | "lat";

export interface Direction {
  axis: Axis;
  /** 0: the word names the axis and not the direction. */
  sign: 1 | -1 | 0;
}

const north: Direction = { axis: "lat", sign: 1 };
const south: Direction = { axis: "lat", sign: -1 };
const east: Direction = { axis: "lon", sign: 1 };
const west: Direction = { axis: "lon", sign: -1 };

/** Whole words and abbreviations, without their dots. A Cyrillic С is north and a Latin C is south: Cənub. */
const WHOLE: Readonly<Record<string, Direction>> = {
  n: north, с: north, сш: north, ş: north, şe: north, şm: north,
  s: south, ю: south, юш: south, юг: south, c: south, ce: south, cn: south,
  // The Latin B and the Cyrillic Е are typed for their look-alikes.
  e: east, е: east, в: east, b: east, вд: east, şq: east, şu: east,
  w: west, з: west, зд: west, q: west, qu: west, qb: west,
  lat: { axis: "lat", sign: 0 }, ш: { axis: "lat", sign: 0 }, lon: { axis: "lon", sign: 0 }, long: { axis: "lon", sign: 0 }, lng: { axis: "lon", sign: 0 }, д: { axis: "lon", sign: 0 },
};

/** How longer words begin. */
const BEGINNINGS: readonly (readonly [string, Direction])[] = [
  ["north", north], ["сев", north], ["şimal", north],
  ["south", south], ["южн", south], ["cənub", south],
  ["east", east], ["вост", east], ["şərq", east],
  ["west", west], ["зап", west], ["qərb", west],
  ["latitude", { axis: "lat", sign: 0 }], ["широт", { axis: "lat", sign: 0 }], ["enli", { axis: "lat", sign: 0 }],
  ["longitude", { axis: "lon", sign: 0 }], ["долгот", { axis: "lon", sign: 0 }], ["uzunlu", { axis: "lon", sign: 0 }],
];

/** What a word says, dots and case apart; null: nothing of this kind. */
export function direction(word: string): Direction | null {
  // A capital İ leaves a dot of its own behind.
  const plain = word.toLowerCase().replace(/[.\s\u0307]/gu, "");
  return WHOLE[plain] ?? BEGINNINGS.find(([start]) => plain.startsWith(start))?.[1] ?? null;
}

/** Two words about one coordinate, such as `северной широты`; null: they contradict each other. */
export function both(a: Direction | null, b: Direction): Direction | null {
  if (a === null) return b;
  if (a.axis !== b.axis || (a.sign !== 0 && b.sign !== 0)) return null;
  return { axis: a.axis, sign: a.sign === 0 ? b.sign : a.sign };
}
