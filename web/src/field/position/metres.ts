/** Grid numbers in metres, as written on maps, receivers and in messages. */

import type { Axis } from "./directions.ts";
import type { Read } from "./faults.ts";

export interface GridNumber {
  metres: number;
  /** The size of one unit in the last digit. */
  step_m: number;
}

export interface GridText {
  /** A number can have two readings: in `395.123` the point is a decimal or a thousands separator. */
  readings: GridNumber[];
  /** The axis named by an adjacent letter. */
  axis: Axis | null;
}

/** X and Y are ignored: which of them points north differs between maps and computers. */
const LETTERS: Readonly<Record<string, Axis | null>> = { E: "lon", Е: "lon", В: "lon", N: "lat", С: "lat", X: null, Х: null, Y: null, У: null };

/** A number with its letter, before or after it, and its unit. */
export function gridNumber(text: string): Read<GridText> {
  const parts = /^([A-ZА-Я])?\s*[=:]?\s*([\d.,]+?)\s*(?:[MМ]\.?)?\s*([A-ZА-Я])?$/u.exec(tight(text));
  const digits = parts?.[2];
  if (digits === undefined) return { fault: /\p{L}/u.test(text) ? "letters" : "number" };
  const letters = [parts?.[1], parts?.[3]].filter((letter) => letter !== undefined);
  const axes = letters.map((letter) => LETTERS[letter]);
  if (axes.includes(undefined) || axes.length > 1) return { fault: "letters" };
  const readings = readingsOf(digits);
  return readings.length === 0 ? { fault: "number" } : { value: { readings, axis: axes[0] ?? null } };
}

/** Remove spaces and apostrophes that group digits. */
function tight(text: string): string {
  return text.trim().toUpperCase().replace(/(?<=\d)[\s'’`]+(?=\d)/gu, "");
}

function readingsOf(digits: string): GridNumber[] {
  const [points, commas] = [digits.split(".").length - 1, digits.split(",").length - 1];
  const plain = (whole: string, rest = ""): GridNumber => ({ metres: Number(`${whole}.${rest === "" ? "0" : rest}`), step_m: 10 ** -rest.length });
  if (points + commas === 0) return [plain(digits)];
  if (points > 0 && commas > 0) {
    // The last separator is the decimal point, the others group thousands.
    const at = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
    const whole = digits.slice(0, at);
    return isGrouped(whole) ? [plain(whole.replace(/[.,]/g, ""), digits.slice(at + 1))] : [];
  }
  const groups = digits.split(/[.,]/);
  const thousands = isGrouped(digits) ? [plain(groups.join(""))] : [];
  if (groups.length > 2) return thousands;
  const [whole = "", rest = ""] = groups;
  // Nobody measures tenths of a millimetre: these are two numbers.
  return whole === "" || rest.length > 3 ? thousands : [plain(whole, rest), ...thousands];
}

/** Groups of three digits with one kind of separator. */
function isGrouped(digits: string): boolean {
  return /^\d{1,3}(\.\d{3})+$/.test(digits) || /^\d{1,3}(,\d{3})+$/.test(digits);
}

export interface GridPair {
  first: string;
  second: string;
  /** The zone before the numbers; null if absent. */
  zone: number | null;
}

const DIGITS = String.raw`\d[\d.,]*\d\s*[mм]?`;
const BEHIND = String.raw`${DIGITS}\s*[a-zа-я]?`;
const BEFORE = String.raw`[a-zа-я]\s*[=:]?\s*${DIGITS}`;
const PAIRS = [String.raw`(\d{5,7}(?:\.\d+)?),(\d{5,7}(?:\.\d+)?)`, `(${BEHIND})[\\s,;/|]+(${BEHIND})`, `(${BEFORE})[\\s,;/|]+(${BEFORE})`].map((pair) => new RegExp(`^${pair}$`, "iu"));

/** Reads both coordinates from one text, with an optional zone, such as `38S 611483 4395123`; null if it contains only one. */
export function gridPair(text: string): GridPair | null {
  const [, zone, rest = ""] = /^\s*(?:(\d{1,2})\s*[a-zа-я]?[\s,;/|]+(?=\D*\d[\d.,]{4}))?(.*?)\s*$/isu.exec(text) ?? [];
  for (const pair of PAIRS) {
    const [, first, second] = pair.exec(rest) ?? [];
    if (first !== undefined && second !== undefined && isLong(first) && isLong(second)) return { first, second, zone: zone === undefined ? null : Number(zone) };
  }
  return null;
}

function isLong(text: string): boolean {
  return text.replace(/\D/g, "").length >= 5;
}
