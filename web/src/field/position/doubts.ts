/** Whether a position can be meant: what the team is asked about before it is kept. */

import type { LonLat } from "../../shared/api/types.ts";
import { rounded } from "../record.ts";
import { LARGEST_M } from "./accuracy.ts";
import { isInside, type District } from "./district.ts";
import type { Position } from "./typed.ts";

/** `zero`: both coordinates are nothing. `outside`: in no district. `coarse`: known to so little that it is no position. */
export type Doubt = "zero" | "outside" | "coarse";

/** About 1 km around the place where both are 0, which devices tell when they know nothing. */
const ZERO_DEGREES = 0.01;

/** No districts: the phone has none yet, and nothing can be said of where they end. */
export function doubtsOf({ at, accuracy_m, sure }: Position, districts: readonly District[]): Doubt[] {
  if (sure === true) return [];
  const doubts: Doubt[] = [];
  if (isZero(at)) doubts.push("zero");
  else if (districts.length > 0 && districtOf(at, districts) === null) doubts.push("outside");
  if (accuracy_m !== null && accuracy_m > LARGEST_M) doubts.push("coarse");
  return doubts;
}

function isZero([lon, lat]: LonLat): boolean {
  return Math.abs(lon) < ZERO_DEGREES && Math.abs(lat) < ZERO_DEGREES;
}

export function districtOf(at: LonLat, districts: readonly District[]): District | null {
  return districts.find((district) => isInside(at, district)) ?? null;
}

/** What may have been meant: the coordinates in each other's place, or the other side of the equator or of Greenwich. */
export const MIRRORS = ["axes", "lat", "lon"] as const;
export type Mirror = (typeof MIRRORS)[number];

export interface Mirrored {
  mirror: Mirror;
  position: Position;
}

/** What is noted of a place that was mirrored, beside the coordinates as they were given. */
export const MIRRORED: Record<Mirror, string> = {
  axes: "longitude and latitude exchanged",
  lat: "sign of the latitude changed",
  lon: "sign of the longitude changed",
};

/** The mirrored position that lies in a district; null: there is none. */
export function mirrored(position: Position, districts: readonly District[]): Mirrored | null {
  const [lon, lat] = position.at;
  const places: Record<Mirror, LonLat> = { axes: [lat, lon], lat: [lon, -lat], lon: [-lon, lat] };
  const mirror = MIRRORS.find((each) => districtOf(places[each], districts) !== null);
  if (mirror === undefined) return null;
  const { as_given } = position;
  const given = as_given ?? { coordinates: `${lon} ${lat}`, crs: "OGC:CRS84" };
  return { mirror, position: { ...position, at: rounded(places[mirror]), as_given: { ...given, crs: `${given.crs}, ${MIRRORED[mirror]}` } } };
}
