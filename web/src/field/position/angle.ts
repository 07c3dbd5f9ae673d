/**
 * Longitudes and latitudes as people write them: decimal degrees, or degrees, minutes and seconds, with or without letters
 * and words, one or both in one text.
 */

import { both, direction, type Axis, type Direction } from "./directions.ts";
import type { Fault, Read } from "./faults.ts";

/** A number with a decimal point or comma, and nothing else. */
export function number(text: string): number | null {
  const plain = text.trim().replace(",", ".").replace(/^[−–]/u, "-");
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
}

export interface Angle {
  /** Negative: south or west. */
  degrees: number;
  /** The axis that a letter or word names; null if none. */
  axis: Axis | null;
  /** The size of one unit in the last digit, in degrees. */
  step: number;
}

type Token =
  | { type: "number"; value: number; decimals: number }
  /** 0: degrees, 1: minutes, 2: seconds. */
  | { type: "mark"; unit: number }
  | { type: "direction"; said: Direction }
  | { type: "minus" }
  | { type: "cut" };

const PIECES = /(?<number>\d+(?:\.\d+|,\d+(?!\d|\.\d))?|\.\d+)|(?<minus>(?<!\d)-(?=[\d.]))|(?<mark>[°º˚]|['’‘′´`ʹʼ]{1,2}|["”“″ʺ„]+)|(?<word>\p{L}+(?:\.\s?\p{L}+)*\.?)|(?<cut>[,;/|\n]+)|(?<gap>[\s:=()+.]+|-)|(?<other>.)/gu;

const UNIT_WORDS: Readonly<Record<string, number>> = { deg: 0, d: 0, град: 0, dərəcə: 0, min: 1, мин: 1, dəqiqə: 1, sec: 2, сек: 2, saniyə: 2 };

function tokens(text: string): Read<Token[]> {
  const found: Token[] = [];
  for (const { groups = {} } of text.normalize("NFC").replace(/[−–]/gu, "-").matchAll(PIECES)) {
    const { number: digits, word, mark } = groups;
    if (digits !== undefined) found.push({ type: "number", value: Number(digits.replace(",", ".")), decimals: /[.,](\d+)/.exec(digits)?.[1]?.length ?? 0 });
    else if (groups.minus !== undefined) found.push({ type: "minus" });
    else if (mark !== undefined) found.push({ type: "mark", unit: /[°º˚]/u.test(mark) ? 0 : /^["”“″ʺ„]/u.test(mark) || mark.length === 2 ? 2 : 1 });
    else if (groups.cut !== undefined) found.push({ type: "cut" });
    else if (groups.other !== undefined) return { fault: "characters" };
    else if (word !== undefined) {
      const unit = UNIT_WORDS[word.toLowerCase().replace(".", "")];
      const said = unit === undefined ? direction(word) : null;
      if (unit !== undefined) found.push({ type: "mark", unit });
      else if (said !== null) found.push({ type: "direction", said });
      else return { fault: "letters" };
    }
  }
  return { value: found };
}

interface Part {
  value: number;
  decimals: number;
  /** The unit that the mark denotes; null without a mark. */
  unit: number | null;
}

interface Raw {
  parts: Part[];
  negative: boolean;
  said: Direction | null;
}

/** Splits the tokens into angles. */
function cut(all: readonly Token[]): Read<Raw[]> {
  const found: Raw[] = [];
  let now: Raw = { parts: [], negative: false, said: null };
  const end = (): void => {
    if (now.parts.length > 0 || now.said !== null || now.negative) found.push(now);
    now = { parts: [], negative: false, said: null };
  };
  const first = all.find(({ type }) => type === "direction" || type === "number");
  const inFront = first?.type === "direction";
  for (const [i, token] of all.entries()) {
    if (token.type === "cut") {
      if (now.parts.length > 0) end();
    } else if (token.type === "minus") {
      if (now.parts.length > 0) end();
      now.negative = true;
    } else if (token.type === "number") {
      const last = now.parts.at(-1);
      const next = all[i + 1];
      const unit = next?.type === "mark" ? next.unit : null;
      if (last !== undefined && (unit === 0 || (unit === null && last.decimals > 0) || (!inFront && now.said !== null))) end();
      now.parts.push({ value: token.value, decimals: token.decimals, unit: null });
    } else if (token.type === "mark") {
      const last = now.parts.at(-1);
      if (last?.unit !== null) return { fault: "characters" };
      last.unit = token.unit;
    } else {
      if (inFront && now.parts.length > 0) end();
      const said = both(now.said, token.said);
      if (said === null) return { fault: "letters" };
      now.said = said;
    }
  }
  end();
  if (found.some(({ parts }) => parts.length === 0)) return { fault: "letters" };
  return { value: found.flatMap(halved) };
}

/** Four unseparated numbers are degrees and minutes of two angles; six include seconds. */
function halved(raw: Raw): Raw[] {
  const n = raw.parts.length;
  if ((n !== 4 && n !== 6) || raw.said !== null) return [raw];
  return [{ ...raw, parts: raw.parts.slice(0, n / 2) }, { ...raw, negative: false, parts: raw.parts.slice(n / 2) }];
}

function angleOf({ parts, negative, said }: Raw): Read<Angle> {
  if (parts.length > 3) return { fault: "number" };
  if (negative && said !== null && said.sign !== 0) return { fault: "sign" };
  let unit = -1;
  let size = 0;
  let step = 1;
  for (const [i, part] of parts.entries()) {
    const next = part.unit ?? unit + 1;
    if (next <= unit || next > 2 || (i === 0 && next !== 0)) return { fault: "number" };
    if (next > 0 && part.value >= 60) return { fault: "sixty" };
    if (part.decimals > 0 && i < parts.length - 1) return { fault: "fraction" };
    unit = next;
    size += part.value / 60 ** unit;
    step = 10 ** -part.decimals / 60 ** unit;
  }
  if (size > (said?.axis === "lat" ? 90 : 180)) return { fault: "range" };
  const sign = negative ? -1 : said?.sign === -1 ? -1 : 1;
  return { value: { degrees: sign * size, axis: said?.axis ?? null, step } };
}

/** Returns all angles of a text, in order. */
export function angles(text: string): Read<Angle[]> {
  // Commas alone could separate numbers, be decimal separators, or both.
  if (/^[\s\d,]*$/.test(text) && (text.match(/,(?=\S)/g)?.length ?? 0) > 2) return { fault: "commas" };
  const read = tokens(text);
  if (read.value === undefined) return read;
  const raws = cut(read.value);
  if (raws.value === undefined) return raws;
  const found: Angle[] = [];
  let fault: Fault | undefined;
  for (const each of raws.value.map(angleOf)) {
    if (each.value !== undefined) found.push(each.value);
    else fault ??= each.fault;
  }
  return fault === undefined ? { value: found } : { fault };
}

/** Returns degrees of the axis; null if the text is not an angle, is out of range, or names the other axis. */
export function angle(text: string, axis: Axis): number | null {
  const [only, ...more] = angles(text).value ?? [];
  if (only === undefined || more.length > 0 || (only.axis ?? axis) !== axis) return null;
  return Math.abs(only.degrees) > (axis === "lon" ? 180 : 90) ? null : only.degrees;
}
