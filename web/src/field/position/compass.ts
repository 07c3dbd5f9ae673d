/** Typed bearing and distance: degrees or mils, magnetic or true north. */

import type { LonLat } from "../../shared/api/types.ts";
import { rounded } from "../record.ts";
import { tenths } from "./accuracy.ts";
import { angles, number } from "./angle.ts";
import { FARTHEST_M, accuracyOf, destination } from "./bearing.ts";
import type { Read } from "./faults.ts";
import { declination, type Declination } from "./magnetic.ts";
import { UNITS, type Origin, type Position, type Reading, type Typed, type Unit } from "./typed.ts";

/** The declination applied to a compass bearing. */
export interface North {
  /** Degrees east of true north; null if no model covers the day and none was typed. */
  degrees: number | null;
  /** The model; null if the declination was typed. */
  model: string | null;
}

export function fromBearing(typed: Typed, origins: readonly Origin[], day: string): Reading {
  const faults: Reading["faults"] = {};
  const bearing = typed.bearing.trim() === "" ? null : readBearing(typed.bearing, typed.unit);
  if (bearing?.fault !== undefined) faults.bearing = bearing.fault;
  const distance = number(typed.distance.replace(/(?<=\d)\s*[mм]\.?\s*$/iu, ""));
  if (typed.distance.trim() !== "" && (distance === null || distance < 0 || distance > FARTHEST_M)) faults.distance = "distance";
  const own = typed.declination.trim() === "" ? null : readDeclination(typed.declination);
  if (typed.magnetic && own?.fault !== undefined) faults.declination = own.fault;
  const [first] = origins;
  const northOf = (at: LonLat): North => (own?.value !== undefined ? { degrees: own.value, model: null } : northBy(declination(at, day)));
  const north = typed.magnetic && first !== undefined ? northOf(first.at) : undefined;
  if (north?.degrees === null) faults.declination ??= "declination";
  if (bearing?.value === undefined || distance === null || Object.keys(faults).length > 0) return { positions: [], faults, north };
  const positions = origins.map((origin) => end(typed, origin, { turned: bearing.value, distance, north: typed.magnetic ? northOf(origin.at) : null }));
  return { positions, faults, north };
}

function northBy(found: Declination | null): North {
  return found ?? { degrees: null, model: null };
}

interface Course {
  /** Degrees as read. */
  turned: number;
  distance: number;
  /** Null if the bearing is from true north. */
  north: North | null;
}

function end(typed: Typed, origin: Origin, { turned, distance, north }: Course): Position {
  const [lon, lat] = rounded(origin.at);
  const counted = north === null ? "true" : `magnetic, declination ${north.degrees ?? 0}${north.model === null ? "" : ` by ${north.model}`}`;
  const unit = typed.unit === "degrees" ? "degrees" : `of ${UNITS[typed.unit]} mils`;
  return {
    at: rounded(destination(origin.at, turned + (north?.degrees ?? 0), distance)),
    fix: "bearing_distance",
    accuracy_m: origin.accuracy_m === null ? null : tenths(accuracyOf(origin.accuracy_m, distance)),
    as_given: { coordinates: `${typed.bearing.trim()} ${unit} (${counted}), ${distance} m from ${lon} ${lat}`, crs: "bearing and distance" },
  };
}

/** Returns degrees from a bearing in the chosen unit: mils are never assumed. */
function readBearing(text: string, unit: Unit): Read<number> {
  // Divisions of Soviet instruments are written in two parts, such as 15-00.
  const parts = unit === "soviet" ? /^\s*(\d{1,2})-(\d{2})\s*$/.exec(text) : null;
  const value = parts === null ? number(text) : Number(parts[1]) * 100 + Number(parts[2]);
  const degrees = unit === "degrees" ? (value ?? sexagesimal(text)) : value;
  if (degrees === null) return { fault: unit === "degrees" && /\d-\d\d/.test(text) ? "mils" : "bearing" };
  if (degrees < 0) return { fault: "bearing" };
  if (degrees > UNITS[unit]) return { fault: unit === "degrees" ? "mils" : "bearing" };
  return { value: (degrees * 360) / UNITS[unit] };
}

/** Returns signed degrees and minutes. */
function sexagesimal(text: string): number | null {
  if (!/[°º˚'’′]/u.test(text)) return null;
  // Angles end at 180, so parse the whole degrees separately.
  const [, whole = "", rest = ""] = /^\s*(\d+)\s*[°º˚](.*)$/su.exec(text) ?? [];
  const [minutes, ...more] = whole === "" ? [] : (angles(`0°${rest}`).value ?? []);
  return minutes === undefined || more.length > 0 || minutes.axis !== null ? null : Number(whole) + minutes.degrees;
}

/** The largest declination in inhabited areas. */
const LARGEST_DECLINATION = 30;

function readDeclination(text: string): Read<number> {
  const plain = number(text);
  const [said, ...more] = plain === null ? (angles(text).value ?? []) : [];
  const degrees = plain ?? (more.length > 0 || said?.axis === "lat" ? null : (said?.degrees ?? null));
  return degrees === null || Math.abs(degrees) > LARGEST_DECLINATION ? { fault: "declination" } : { value: degrees };
}
