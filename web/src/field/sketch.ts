/** A sketch of the surroundings of a record, north up: places in metres from it, within a fitting radius. Pure. */

import type { LonLat } from "../shared/api/types.ts";
import { metresBetween } from "./position/bearing.ts";
import type { Shown } from "./shown.ts";

/** The possible radii of a sketch. The smallest that includes the phone is used, so that near places do not overlap. */
const REACHES_M = [20, 50, 100, 200, 500] as const;

export interface Spot {
  id: string;
  /** Metres to the east and to the north. */
  east: number;
  north: number;
  shown: Shown;
}

export interface Sketched {
  reach_m: number;
  spots: Spot[];
  /** The phone's position; null if unknown or outside the sketch. */
  phone: { east: number; north: number } | null;
}

export function sketch(of: Shown, all: Iterable<Shown>, phone: LonLat | null): Sketched {
  const middle = of.feature.geometry.coordinates;
  const away = phone === null ? Number.POSITIVE_INFINITY : metresBetween(middle, phone);
  const reach_m = REACHES_M.find((reach) => away <= reach) ?? REACHES_M[1];
  const spots: Spot[] = [];
  for (const shown of all) {
    const { coordinates } = shown.feature.geometry;
    if (shown.feature.id === of.feature.id || Math.abs(coordinates[1] - middle[1]) > 0.01 || metresBetween(middle, coordinates) > reach_m) continue;
    spots.push({ id: shown.feature.id, shown, ...offset(middle, coordinates) });
  }
  return { reach_m, spots, phone: phone !== null && away <= reach_m ? offset(middle, phone) : null };
}

function offset(from: LonLat, to: LonLat): { east: number; north: number } {
  const east = metresBetween([from[0], from[1]], [to[0], from[1]]) * Math.sign(to[0] - from[0]);
  const north = metresBetween([from[0], from[1]], [from[0], to[1]]) * Math.sign(to[1] - from[1]);
  return { east, north };
}
