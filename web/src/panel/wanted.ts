/** What a reader types into the search: a name, perhaps with the kind of place, or a position. */

import type { Found, LonLat } from "../shared/api/types.ts";
import { fold } from "../shared/text/fold.ts";

/** Words beside a name that say that it is a town or a village, as people write them in each language; folded. */
const OF_PLACES = ["town", "city", "village", "settlement", "seher", "seheri", "kend", "kendi", "qesebe", "qesebesi", "город", "г.", "село", "с.", "поселок", "пос.", "деревня"];
/** The same of regions. */
const OF_REGIONS = ["district", "region", "rayon", "rayonu", "район"];

/** The name without the kind of place, and whether it is a town or a village rather than a district. */
export function nameIn(text: string): { name: string; isPlace: boolean } {
  const words = text.trim().split(/\s+/);
  const kinds = words.map((word) => fold(word));
  const rest = words.filter((_, i) => !OF_PLACES.includes(kinds[i] ?? "") && !OF_REGIONS.includes(kinds[i] ?? ""));
  if (rest.length === 0 || rest.length === words.length) return { name: text.trim(), isPlace: false };
  return { name: rest.join(" "), isPlace: kinds.some((kind) => OF_PLACES.includes(kind)) };
}

/**
 * The positions that a text may mean: decimal degrees, degrees with minutes and seconds, a map link, or MGRS. Of two numbers
 * in unknown order both orders are possible; `near` (west, south, east, north) decides, if one of them is inside.
 */
export async function positionsIn(text: string, near: readonly number[] | null): Promise<LonLat[]> {
  if (!/\d\D*\d/.test(text)) return [];
  // The notations of the field page, which need the definitions of grids: loaded when somebody types a number.
  const [{ readDegrees }, { mgrs }] = await Promise.all([import("../field/position/degrees.ts"), import("../field/position/mgrs.ts")]);
  const square = mgrs(text.replace(/[\s,;/.:-]+/g, ""));
  const all = square !== null ? [square.at] : readDegrees(text, "").found.map(({ at }) => at);
  const [west = -180, south = -90, east = 180, north = 90] = near ?? [];
  const inside = all.filter(([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north);
  return inside.length > 0 ? inside : all.filter(([, lat]) => Math.abs(lat) <= 85);
}

/** A position as a result of the search. */
export function resultOf([lon, lat]: LonLat): Found {
  const shown = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  return { type: "place", id: `at ${shown}`, names: { en: shown }, center: [lon, lat], bounds: null };
}

/** Whether a result is a position, not a place with a name. */
export function isPosition({ id }: Found): boolean {
  return id.startsWith("at ");
}
