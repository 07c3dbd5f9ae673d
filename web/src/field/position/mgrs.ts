/** MGRS as people write it: with spaces, commas, slashes or look-alike letters, and without locally obvious parts. */

import proj4 from "proj4";

import type { LonLat } from "../../shared/api/types.ts";
import { metresBetween } from "./bearing.ts";
import type { Read } from "./faults.ts";
import { UTM_ZONES, plain, within } from "./grids.ts";

export interface Mgrs {
  at: LonLat;
  /** Half the diagonal of the square left open by the digits, in metres. */
  step_m: number;
  /** The full form with zone and square, such as `38SPK4982402360`. */
  full: string;
}

/** The Cyrillic letters that look like Latin ones. */
const LOOK_ALIKES: Readonly<Record<string, string>> = { А: "A", В: "B", С: "C", Е: "E", Ѕ: "S", Ј: "J", К: "K", М: "M", Н: "H", Р: "P", Т: "T", Х: "X", У: "Y" };

/** The bands of the region, from 32° N to 48° N. */
const BANDS_THERE = ["S", "T"] as const;

/** Digits without their square match a place in every square: those this close to the phone are offered. */
const NEAR_M = 100_000;
/** For a square without its zone, the matches this close, if any. */
const FAR_M = 400_000;

/**
 * Returns the centre of the square that the digits name. Returns several, nearest to `here` first, if the zone or square is
 * omitted and ambiguous.
 */
export function readMgrs(text: string, here: LonLat | null): Read<Mgrs[]> {
  const upper = text.toUpperCase().replace(/\p{L}/gu, (letter) => LOOK_ALIKES[letter] ?? letter);
  const parts = /^\s*(?:(\d{1,2})(?=[\s,;/.:-]*[A-Z])[\s,;/.:-]*([A-Z])?[\s,;/.:-]*)?(?:([A-Z])[\s,;/.:-]*([A-Z]))?[\s,;/.:-]*([\d\s,;/.:-]*)$/u.exec(upper);
  if (parts === null) return { fault: "mgrsLetters" };
  const [, zone, band, column, row, rest = ""] = parts;
  const groups = rest.split(/[^\d]+/).filter((group) => group !== "");
  const digits = groups.join("");
  if (digits.length % 2 !== 0 || digits.length < 4 || digits.length > 10 || (groups.length === 2 && groups[0]?.length !== groups[1]?.length)) return { fault: "mgrsDigits" };
  const squares = column === undefined || row === undefined ? squaresAround(here) : [column + row];
  if (squares.length === 0) return { fault: "mgrsSquare" };
  // A C typed on a Russian keyboard can be an S, which sounds the same: the band C is far south and irrelevant here.
  const bands = band === undefined ? BANDS_THERE : band === "C" && /\d\s*С/u.test(text.toUpperCase()) ? ["S"] : [band];
  const zones = zone === undefined ? UTM_ZONES.map(String) : [zone];
  const all = zones.flatMap((each) => bands.flatMap((letter) => squares.map((square) => mgrs(`${each}${letter}${square}${digits}`)))).filter((found) => found !== null);
  return chosen(all, here, column === undefined);
}

/** Each place once; if some are near the phone, only those. */
function chosen(all: readonly Mgrs[], here: LonLat | null, isGuess: boolean): Read<Mgrs[]> {
  const apart = all.filter(({ at }, i) => !all.slice(0, i).some((other) => metresBetween(other.at, at) < 1));
  if (here === null) return apart.length === 0 ? { fault: "mgrsLetters" } : { value: apart };
  apart.sort((a, b) => metresBetween(a.at, here) - metresBetween(b.at, here));
  const near = apart.filter(({ at }) => metresBetween(at, here) < (isGuess ? NEAR_M : FAR_M));
  const found = near.length > 0 || isGuess ? near : apart;
  return found.length === 0 ? { fault: isGuess ? "mgrsSquare" : "mgrsLetters" } : { value: found };
}

/** The 100 km squares that contain the place or adjoin it. */
function squaresAround(here: LonLat | null): string[] {
  if (here === null) return [];
  const degrees = 0.9;
  const names = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => proj4.mgrs.forward([here[0] + (x * degrees) / Math.cos((here[1] * Math.PI) / 180), here[1] + y * degrees]).replace(/^\d+[A-Z]/, "").slice(0, 2)));
  return [...new Set(names)];
}

/** The columns of a zone's squares, which repeat every third zone. */
const COLUMNS = ["ABCDEFGH", "JKLMNPQR", "STUVWXYZ"] as const;

/** The complete reference without separators; null if there is no such square. */
export function mgrs(text: string): Mgrs | null {
  const full = text.replace(/\s+/g, "").toUpperCase();
  const parts = /^(\d{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])(\d*)$/.exec(full);
  const digits = parts?.[5] ?? "";
  if (parts === null || digits.length % 2 !== 0 || digits.length < 4 || digits.length > 10) return null;
  const zone = Number(parts[1]);
  if (zone < 1 || zone > 60 || !COLUMNS[(zone - 1) % 3]?.includes(parts[3] ?? "")) return null;
  try {
    const at = plain(proj4.mgrs.toPoint(full));
    return at === null || !inBand(at[1], parts[2] ?? "") ? null : { at, step_m: (10 ** (5 - digits.length / 2) * Math.SQRT2) / 2, full };
  } catch {
    // The letters name no square of this zone.
    return null;
  }
}

/** The bands of 8 degrees, from 80° S on; the last has 12. */
const BANDS = "CDEFGHJKLMNPQRSTUVWX";
/** A square can cross the edge of two bands and is named after either. */
const ACROSS_DEGREES = 0.02;

function inBand(lat: number, letter: string): boolean {
  const south = -80 + 8 * BANDS.indexOf(letter);
  return within(lat, south - ACROSS_DEGREES, south + (letter === "X" ? 12 : 8) + ACROSS_DEGREES);
}
