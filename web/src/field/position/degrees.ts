/** Longitude and latitude from their two boxes, or both from one box. */

import type { LonLat } from "../../shared/api/types.ts";
import { angles, type Angle } from "./angle.ts";
import type { Axis } from "./directions.ts";
import type { Fault } from "./faults.ts";

export interface Degrees {
  at: LonLat;
  /** Half the diagonal of the cell left open by the last digits, in metres. */
  step_m: number;
  /** Whether longitude or latitude was typed first. */
  first: Axis;
}

export interface DegreesRead {
  /** More than one if the order of the numbers is ambiguous. */
  found: Degrees[];
  faults: Partial<Record<Axis, Fault>>;
}

const METRES_PER_DEGREE = 111_320;

export function readDegrees(lon: string, lat: string): DegreesRead {
  const [inLon, inLat] = [boxOf(lon), boxOf(lat)];
  const faults: Partial<Record<Axis, Fault>> = {};
  if (inLon.fault !== undefined) faults.lon = inLon.fault;
  if (inLat.fault !== undefined) faults.lat = inLat.fault;
  if (inLon.fault !== undefined || inLat.fault !== undefined) return { found: [], faults };
  const [a, b] = [inLon.angles, inLat.angles];
  for (const [axis, here, other] of [["lon", a, b], ["lat", b, a]] as const) {
    if (here.length === 2 && other.length === 0) return pair(here, inOrder(axis === "lon" ? lon : lat), axis);
    if (here.length > 1) return { found: [], faults: { [axis]: "two" } };
  }
  const [x, y] = [a[0], b[0]];
  // Letters take precedence over the box.
  if (x?.axis === "lat" && y?.axis === "lon") return placed(y, x, "lat");
  if (x?.axis === "lat") faults.lon = "axis";
  if (y?.axis === "lon") faults.lat = "axis";
  if (y !== undefined && Math.abs(y.degrees) > 90) faults.lat = "range";
  return x === undefined || y === undefined || Object.keys(faults).length > 0 ? { found: [], faults } : placed(x, y, "lon");
}

function boxOf(text: string): { angles: Angle[]; fault?: undefined } | { fault: Fault } {
  const read = angles(inOrder(text)?.text ?? text);
  return read.value === undefined ? { fault: read.fault } : { angles: read.value };
}

/** Reads two angles from one box. */
function pair([a, b]: readonly Angle[], linked: { text: string } | null, box: Axis): DegreesRead {
  if (a === undefined || b === undefined) return { found: [], faults: {} };
  const isLat = a.axis === "lat" || b.axis === "lon" || linked !== null;
  const isLon = a.axis === "lon" || b.axis === "lat";
  if (isLat && isLon) return { found: [], faults: { [box]: "axis" } };
  const latFirst = placed(b, a, "lat");
  const lonFirst = placed(a, b, "lon");
  if (isLat || isLon) {
    const told = isLat ? latFirst : lonFirst;
    return told.found.length > 0 ? told : { found: [], faults: { [box]: "range" } };
  }
  const found = a.degrees === b.degrees ? latFirst.found : [...latFirst.found, ...lonFirst.found];
  return found.length > 0 ? { found, faults: {} } : { found, faults: { [box]: "range" } };
}

function placed(lon: Angle, lat: Angle, first: Axis): DegreesRead {
  if (Math.abs(lat.degrees) > 90) return { found: [], faults: { lat: "range" } };
  const across = lon.step * Math.cos((lat.degrees * Math.PI) / 180);
  const step_m = (Math.hypot(across, lat.step) / 2) * METRES_PER_DEGREE;
  return { found: [{ at: [lon.degrees, lat.degrees], step_m, first }], faults: {} };
}

/** Reads the numbers of a map link or a `geo:` address, which put latitude first; null if the text is neither. */
function inOrder(text: string): { text: string } | null {
  if (!/^\s*(https?:|geo:)/i.test(text)) return null;
  const found = /!3d(-?\d+\.\d+)!4d(-?\d+\.\d+)/.exec(text) ?? /(?:geo:|@|[?&](?:q|ll|query|center|destination)=)(-?\d+(?:\.\d+)?)(?:,|%2C)\s*(-?\d+(?:\.\d+)?)/i.exec(text);
  return found === null ? null : { text: `${found[1] ?? ""}, ${found[2] ?? ""}` };
}
