/** A position that is typed in one of the notations that teams use. */

import type { Fix, LonLat } from "../../api/types.ts";
import { rounded, type AsGiven } from "../record.ts";
import { angle, number } from "./angle.ts";
import { FARTHEST_M, accuracyOf, destination } from "./bearing.ts";
import { PULKOVO_ACCURACY_M, mgrs, pulkovo, pulkovoCode, utm, utmCode } from "./grids.ts";

/** A position with everything that is sent of it. */
export interface Position {
  at: LonLat;
  fix: Fix;
  accuracy_m: number | null;
  as_given: AsGiven | null;
}

export const NOTATIONS = ["degrees", "mgrs", "utm", "pulkovo", "bearing"] as const;
export type Notation = (typeof NOTATIONS)[number];

/** What is in the boxes of the form. */
export interface Typed {
  notation: Notation;
  lon: string;
  lat: string;
  mgrs: string;
  zone: number;
  easting: string;
  northing: string;
  bearing: string;
  /** The bearing was read from a compass, which points `declination` degrees east of true north. */
  magnetic: boolean;
  declination: string;
  distance: string;
  /** Whether the position was read from a receiver or from a map. */
  source: "gnss" | "map";
  /** In metres; may stay empty. */
  accuracy: string;
}

export function emptyTyped(declination = 0): Typed {
  const text = { lon: "", lat: "", mgrs: "", easting: "", northing: "", bearing: "", distance: "", accuracy: "" };
  return { notation: "degrees", zone: 38, magnetic: declination !== 0, declination: declination === 0 ? "" : String(declination), source: "map", ...text };
}

/** The place that bearing and distance start from. */
export interface Origin {
  at: LonLat;
  accuracy_m: number;
}

/** The position that the boxes say; null while they say none. */
export function read(typed: Typed, origin: Origin | null): Position | null {
  if (typed.notation === "bearing") return fromBearing(typed, origin);
  const found = place(typed);
  const stated = typed.accuracy.trim() === "" ? null : number(typed.accuracy);
  if (found === null || (typed.accuracy.trim() !== "" && (stated === null || stated < 0))) return null;
  const accuracy = Math.max(stated ?? 0, found.least_m);
  return { at: rounded(found.at), fix: typed.source, accuracy_m: accuracy === 0 ? null : tenths(accuracy), as_given: found.as_given };
}

/** `least_m`: better than this the notation cannot say it. */
function place(typed: Typed): { at: LonLat; least_m: number; as_given: AsGiven } | null {
  if (typed.notation === "mgrs") {
    const square = mgrs(typed.mgrs);
    return square && { at: square.at, least_m: square.accuracy_m, as_given: { coordinates: typed.mgrs.trim(), crs: "MGRS" } };
  }
  if (typed.notation === "degrees") {
    const [lon, lat] = [angle(typed.lon, "lon"), angle(typed.lat, "lat")];
    return lon === null || lat === null ? null : { at: [lon, lat], least_m: 0, as_given: { coordinates: `${typed.lon.trim()} ${typed.lat.trim()}`, crs: "OGC:CRS84" } };
  }
  const [easting, northing] = [metres(typed.easting), metres(typed.northing)];
  if (easting === null || northing === null) return null;
  if (typed.notation === "utm") {
    const at = utm(typed.zone, easting, northing);
    return at && { at, least_m: 0, as_given: { coordinates: `${typed.easting.trim()} ${typed.northing.trim()}`, crs: utmCode(typed.zone) } };
  }
  const at = pulkovo(northing, easting);
  return at && { at, least_m: PULKOVO_ACCURACY_M, as_given: { coordinates: `${typed.northing.trim()} ${typed.easting.trim()}`, crs: pulkovoCode(easting) } };
}

function fromBearing(typed: Typed, origin: Origin | null): Position | null {
  const [bearing, distance] = [number(typed.bearing), number(typed.distance)];
  const declination = typed.magnetic ? number(typed.declination) : 0;
  if (origin === null || bearing === null || distance === null || declination === null) return null;
  if (bearing < 0 || bearing > 360 || distance < 0 || distance > FARTHEST_M || Math.abs(declination) > 30) return null;
  const [lon, lat] = rounded(origin.at);
  const north = typed.magnetic ? `magnetic, declination ${declination}` : "true";
  return {
    at: rounded(destination(origin.at, bearing + declination, distance)),
    fix: "bearing_distance",
    accuracy_m: tenths(accuracyOf(origin.accuracy_m, distance)),
    as_given: { coordinates: `${bearing} degrees (${north}), ${distance} m from ${lon} ${lat}`, crs: "bearing and distance" },
  };
}

/** A coordinate of a grid: digits may stand in groups, as on maps. */
function metres(text: string): number | null {
  return number(text.replace(/(?<=\d)[\s']+(?=\d)/g, ""));
}

function tenths(metre: number): number {
  return Math.ceil(metre * 10 - 1e-9) / 10;
}
