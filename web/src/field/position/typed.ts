/** A position typed in one of the notations that teams use. */

import type { Fix, LonLat } from "../../shared/api/types.ts";
import { rounded, type AsGiven } from "../record.ts";
import { LARGEST_M, RECEIVER_M, USUAL_SCALE, mapAccuracy, together } from "./accuracy.ts";
import { number } from "./angle.ts";
import { fromBearing, type North } from "./compass.ts";
import { readDegrees } from "./degrees.ts";
import type { Fault } from "./faults.ts";
import { readPulkovo, readUtm } from "./gridded.ts";
import { readMgrs } from "./mgrs.ts";

/** A position with everything sent about it. */
export interface Position {
  at: LonLat;
  fix: Fix;
  accuracy_m: number | null;
  as_given: AsGiven | null;
  /** The team was asked about it and confirmed it. */
  sure?: boolean;
}

export const NOTATIONS = ["degrees", "mgrs", "utm", "pulkovo", "bearing"] as const;
export type Notation = (typeof NOTATIONS)[number];

/** The units of a full circle. Soviet and Russian instruments have 6000 divisions, NATO instruments 6400. */
export const UNITS = { degrees: 360, nato: 6400, soviet: 6000 } as const;
export type Unit = keyof typeof UNITS;

/** The values of the form's boxes. */
export interface Typed {
  notation: Notation;
  lon: string;
  lat: string;
  mgrs: string;
  zone: number;
  easting: string;
  northing: string;
  bearing: string;
  unit: Unit;
  /** The bearing was read from a compass. */
  magnetic: boolean;
  /** The magnetic declination in degrees east; empty for the World Magnetic Model's value. */
  declination: string;
  distance: string;
  /** Whether bearing and distance start at the phone or at a typed point. */
  from_here: boolean;
  /** Whether the position was read from a receiver or a map. */
  source: "gnss" | "map";
  /** The map scale: one to this. */
  scale: number;
  /** In metres; optional. */
  accuracy: string;
}

export type Box = "lon" | "lat" | "mgrs" | "easting" | "northing" | "bearing" | "declination" | "distance" | "accuracy";

export function emptyTyped(): Typed {
  const text = { lon: "", lat: "", mgrs: "", easting: "", northing: "", bearing: "", declination: "", distance: "", accuracy: "" };
  return { notation: "degrees", zone: 38, unit: "degrees", magnetic: true, from_here: true, source: "map", scale: USUAL_SCALE, ...text };
}

/** The starting point of bearing and distance. */
export interface Origin {
  at: LonLat;
  /** Null if unknown. */
  accuracy_m: number | null;
}

/** Data known besides the boxes. */
export interface Around {
  /** The phone's position; null if unknown. */
  here: Origin | null;
  /** The day of the find, for which the declination is computed. */
  day: string;
}

/** The result of reading the boxes. */
export interface Reading {
  /** Empty if something is missing or faulty. Several if ambiguous, in which case the team chooses. */
  positions: readonly Position[];
  faults: Partial<Record<Box, Fault>>;
  /** The starting point of the bearing, as far as it is known. */
  north?: North | undefined;
}

/** One place that the text can mean. `step_m` is the resolution of the notation. */
export interface Place {
  at: LonLat;
  step_m: number;
  as_given: AsGiven;
}

export interface PlaceRead {
  places: readonly Place[];
  faults: Partial<Record<Box, Fault>>;
}

export function read(typed: Typed, around: Around): Reading {
  if (typed.notation !== "bearing") return direct(typed, around);
  const { here } = around;
  if (typed.from_here) return fromBearing(typed, here === null ? [] : [here], around.day);
  const from = direct({ ...typed, notation: "degrees" }, around);
  const { positions, faults, north } = fromBearing(typed, from.positions, around.day);
  return { positions, faults: { ...from.faults, ...faults }, north };
}

function direct(typed: Typed, around: Around): Reading {
  const { places, faults } = place(typed, around);
  const stated = typed.accuracy.trim() === "" ? null : number(typed.accuracy);
  if (typed.accuracy.trim() !== "" && (stated === null || stated <= 0 || stated > LARGEST_M)) return { positions: [], faults: { ...faults, accuracy: "accuracy" } };
  const known_m = typed.source === "map" ? Math.max(stated ?? 0, mapAccuracy(typed.scale)) : (stated ?? RECEIVER_M);
  const positions = places.map(({ at, step_m, as_given }) => ({ at: rounded(at), fix: typed.source, accuracy_m: together(known_m, step_m), as_given }));
  return { positions, faults };
}

function place(typed: Typed, { here }: Around): PlaceRead {
  if (typed.notation === "utm") return readUtm(typed);
  if (typed.notation === "pulkovo") return readPulkovo(typed);
  if (typed.notation === "mgrs") {
    if (typed.mgrs.trim() === "") return { places: [], faults: {} };
    const squares = readMgrs(typed.mgrs, here?.at ?? null);
    if (squares.value === undefined) return { places: [], faults: { mgrs: squares.fault } };
    const coordinates = typed.mgrs.trim();
    const isWhole = (full: string): boolean => full === coordinates.replace(/\s+/g, "").toUpperCase();
    return { places: squares.value.map(({ at, step_m, full }) => ({ at, step_m, as_given: { coordinates, crs: isWhole(full) ? "MGRS" : `MGRS, read as ${full}` } })), faults: {} };
  }
  const { found, faults } = readDegrees(typed.lon, typed.lat);
  const coordinates = [typed.lon, typed.lat].map((text) => text.trim()).filter((text) => text !== "").join(" ");
  return { places: found.map(({ at, step_m, first }) => ({ at, step_m, as_given: { coordinates, crs: first === "lon" ? "OGC:CRS84" : "EPSG:4326" } })), faults };
}
