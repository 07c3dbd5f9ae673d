/** District boundaries and point-in-district tests. */

import type { LonLat, Names } from "../../shared/api/types.ts";

/** Rings of longitude and latitude: the outer ring, then the holes. */
export type Polygon = readonly (readonly LonLat[])[];

export interface District {
  id: string;
  names: Names;
  polygons: readonly Polygon[];
}

/** Boundaries are generalised: a place this close to one may be on either side. */
export const MARGIN_M = 2_000;

const METRES_PER_DEGREE = 111_320;

export function isInside(at: LonLat, { polygons }: District): boolean {
  return polygons.some((polygon) => crossings(at, polygon) % 2 === 1 || polygon.some((ring) => isNear(at, ring)));
}

/** Counts the crossings of an eastward ray with the rings. */
function crossings([lon, lat]: LonLat, polygon: Polygon): number {
  let n = 0;
  for (const ring of polygon) {
    for (const [[aLon, aLat], [bLon, bLat]] of edges(ring)) {
      if (aLat > lat !== bLat > lat && lon < aLon + ((bLon - aLon) * (lat - aLat)) / (bLat - aLat)) n += 1;
    }
  }
  return n;
}

function isNear([lon, lat]: LonLat, ring: readonly LonLat[]): boolean {
  const shrink = Math.cos((lat * Math.PI) / 180);
  const flat = ([x, y]: LonLat): LonLat => [(x - lon) * shrink * METRES_PER_DEGREE, (y - lat) * METRES_PER_DEGREE];
  return edges(ring).some(([a, b]) => fromOrigin(flat(a), flat(b)) < MARGIN_M);
}

/** The distance of a segment from the origin (0, 0). */
function fromOrigin([ax, ay]: LonLat, [bx, by]: LonLat): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length));
  return Math.hypot(ax + along * dx, ay + along * dy);
}

function edges(ring: readonly LonLat[]): [LonLat, LonLat][] {
  return ring.slice(1).map((end, i) => [ring[i] ?? end, end]);
}
