/** Eastings and northings from their two boxes, or both from one box. */

import type { LonLat } from "../../shared/api/types.ts";
import type { Fault } from "./faults.ts";
import { PULKOVO_ACCURACY_M, pulkovo, pulkovoCode, utm, utmCode } from "./grids.ts";
import { gridNumber, gridPair, type GridNumber } from "./metres.ts";
import type { Box, PlaceRead, Typed } from "./typed.ts";

type GridBox = Extract<Box, "easting" | "northing">;
type Faults = Partial<Record<GridBox, Fault>>;

const AXES = { easting: "lon", northing: "lat" } as const;

export function readUtm(typed: Typed): PlaceRead {
  const { box, pair } = pairOf(typed);
  if (pair !== null && pair.zone !== null && pair.zone !== typed.zone) return { places: [], faults: { [box]: "zone" } };
  const numbers = numbersOf(typed, (easting, northing) => utm(typed.zone, easting, northing));
  const code = utmCode(typed.zone);
  return placesOf(typed, numbers, 0, () => code);
}

export function readPulkovo(typed: Typed): PlaceRead {
  const numbers = numbersOf(typed, (easting, northing) => pulkovo(northing, easting));
  return placesOf(typed, numbers, PULKOVO_ACCURACY_M, pulkovoCode);
}

interface Numbers {
  easting?: GridNumber | undefined;
  northing?: GridNumber | undefined;
  at?: LonLat | undefined;
  faults: Faults;
}

type Project = (easting: number, northing: number) => LonLat | null;

/** In the form's order: UTM has the easting first, Pulkovo the northing. */
function placesOf(typed: Typed, { easting, northing, at, faults }: Numbers, transform_m: number, code: (easting: number) => string): PlaceRead {
  if (easting === undefined || northing === undefined || at === undefined) return { places: [], faults };
  const texts = typed.notation === "utm" ? [typed.easting, typed.northing] : [typed.northing, typed.easting];
  const coordinates = texts.map((text) => text.trim()).filter((text) => text !== "").join(" ");
  const step_m = Math.hypot(easting.step_m / 2, northing.step_m / 2, transform_m);
  return { places: [{ at, step_m, as_given: { coordinates, crs: code(easting.metres) } }], faults };
}

function pairOf({ easting, northing }: Typed): { box: GridBox; pair: ReturnType<typeof gridPair> } {
  if (northing.trim() === "") return { box: "easting", pair: gridPair(easting) };
  return { box: "northing", pair: easting.trim() === "" ? gridPair(northing) : null };
}

function numbersOf(typed: Typed, project: Project): Numbers {
  const { box, pair } = pairOf(typed);
  if (pair === null) {
    const found = matched(typed.easting, typed.northing, project);
    // Each in the other's box.
    const isSwapped = Object.values(found.faults).includes("range") && matched(typed.northing, typed.easting, project).at !== undefined;
    return isSwapped ? { faults: { easting: "swapped", northing: "swapped" } } : found;
  }
  const orders = [matched(pair.first, pair.second, project), matched(pair.second, pair.first, project)];
  const [only, ...more] = orders.filter(({ at }) => at !== undefined);
  if (only !== undefined && more.length === 0) return only;
  const fault = only === undefined ? (Object.values(orders[0]?.faults ?? {})[0] ?? "range") : "ambiguous";
  return { faults: { [box]: fault } };
}

/** Combines both numbers, keeping the readings that are within the zone. */
function matched(eastingText: string, northingText: string, project: Project): Numbers {
  const faults: Faults = {};
  const readOf = (text: string, box: GridBox): readonly GridNumber[] => {
    if (text.trim() === "") return [];
    const read = gridNumber(text);
    if (read.value !== undefined && (read.value.axis ?? AXES[box]) === AXES[box]) return read.value.readings;
    faults[box] = read.fault ?? "axis";
    return [];
  };
  const [eastings, northings] = [readOf(eastingText, "easting"), readOf(northingText, "northing")];
  const found = eastings.flatMap((easting) =>
    northings.flatMap((northing) => {
      const at = project(easting.metres, northing.metres);
      return at === null ? [] : [{ easting, northing, at }];
    }),
  );
  if (eastings.length === 0 || northings.length === 0) return { faults };
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return { ...only, faults };
  // The box whose number is ambiguous has to be retyped.
  const box = more.length > 0 && northings.length > 1 ? "northing" : "easting";
  return { faults: { [box]: only === undefined ? "range" : "ambiguous" } };
}
