/** Checks whether a position is plausible; the team is asked about doubts before it is saved. */

import type { LonLat } from "../../shared/api/types.ts";
import { rounded } from "../record.ts";
import { LARGEST_M } from "./accuracy.ts";
import { isInside, type District } from "./district.ts";
import type { Position } from "./typed.ts";

/** `zero`: both coordinates are 0. `outside`: in no district. `coarse`: too inaccurate to be a position. */
export type Doubt = "zero" | "outside" | "coarse";

/** About 1 km around 0/0, which devices report when they know nothing. */
const ZERO_DEGREES = 0.01;

/** Without districts (not yet on the phone), the boundary check is skipped. */
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

/** Likely corrections: swapped coordinates, or the other side of the equator or the Greenwich meridian. */
export const MIRRORS = ["axes", "lat", "lon"] as const;
export type Mirror = (typeof MIRRORS)[number];

export interface Mirrored {
  mirror: Mirror;
  position: Position;
}

/** The remark added to the entered coordinates of a mirrored place. */
export const MIRRORED: Record<Mirror, string> = {
  axes: "longitude and latitude exchanged",
  lat: "sign of the latitude changed",
  lon: "sign of the longitude changed",
};

/** Returns the mirrored position that is in a district; null if none is. */
export function mirrored(position: Position, districts: readonly District[]): Mirrored | null {
  const [lon, lat] = position.at;
  const places: Record<Mirror, LonLat> = { axes: [lat, lon], lat: [lon, -lat], lon: [-lon, lat] };
  const mirror = MIRRORS.find((each) => districtOf(places[each], districts) !== null);
  if (mirror === undefined) return null;
  const { as_given } = position;
  const given = as_given ?? { coordinates: `${lon} ${lat}`, crs: "OGC:CRS84" };
  return { mirror, position: { ...position, at: rounded(places[mirror]), as_given: { ...given, crs: `${given.crs}, ${MIRRORED[mirror]}` } } };
}
