/** Converts grid coordinates to WGS84 longitude and latitude: UTM, and Pulkovo 1942 in Gauss-Krüger zones. */

import proj4 from "proj4";

import type { LonLat } from "../../shared/api/types.ts";

/**
 * The accuracy in metres of the transformation from Pulkovo 1942 to WGS84 with the seven parameters of the Russian standard
 * GOST R 51794.
 */
export const PULKOVO_ACCURACY_M = 5;
const PULKOVO = "+ellps=krass +towgs84=23.92,-141.27,-80.9,0,0.35,0.82,-0.12 +units=m +no_defs";

/** The UTM zones of the region, and one on either side. */
export const UTM_ZONES = [37, 38, 39, 40] as const;
/** The six-degree Gauss-Krüger zones of the region, and one on either side. */
export const PULKOVO_ZONES = [7, 8, 9] as const;

/** Northern hemisphere. Eastings from 100 to 900 km and northings up to 9,400 km are within the zone. */
export function utm(zone: number, easting: number, northing: number): LonLat | null {
  if (!UTM_ZONES.some((known) => known === zone) || !within(easting, 100_000, 900_000) || !within(northing, 0, 9_400_000)) return null;
  return plain(proj4(`+proj=utm +zone=${zone} +datum=WGS84 +units=m +no_defs`, "WGS84", [easting, northing]));
}

export function utmCode(zone: number): string {
  return `EPSG:${32600 + zone}`;
}

/** In the system's axis order: northing (x), then easting (y), which starts with the zone number. */
export function pulkovo(northing: number, easting: number): LonLat | null {
  const zone = Math.floor(easting / 1_000_000);
  if (!PULKOVO_ZONES.some((known) => known === zone) || !within(easting % 1_000_000, 100_000, 900_000) || !within(northing, 0, 9_400_000)) return null;
  const system = `+proj=tmerc +lat_0=0 +lon_0=${zone * 6 - 3} +k=1 +x_0=${zone * 1_000_000 + 500_000} +y_0=0 ${PULKOVO}`;
  return plain(proj4(system, "WGS84", [easting, northing]));
}

export function pulkovoCode(easting: number): string {
  return `EPSG:${28400 + Math.floor(easting / 1_000_000)}`;
}

export function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

export function plain(point: readonly number[]): LonLat | null {
  const [lon, lat] = point;
  if (lon === undefined || lat === undefined || !Number.isFinite(lon) || !Number.isFinite(lat)) return null;
  return [lon, lat];
}
