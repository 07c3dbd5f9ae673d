/** Longitudes and latitudes as people write them: decimal degrees, or degrees, minutes and seconds, with or without a letter. */

/** The letters of the four directions in English, Azerbaijani and Russian: negative ones are south and west. */
const LETTERS: Readonly<Record<string, { axis: "lon" | "lat"; sign: 1 | -1 }>> = {
  N: { axis: "lat", sign: 1 },
  S: { axis: "lat", sign: -1 },
  E: { axis: "lon", sign: 1 },
  W: { axis: "lon", sign: -1 },
  С: { axis: "lat", sign: 1 },
  Ю: { axis: "lat", sign: -1 },
  В: { axis: "lon", sign: 1 },
  З: { axis: "lon", sign: -1 },
};

/** A number with a decimal point or a decimal comma, and nothing else. */
export function number(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : null;
}

/** Degrees of the axis; null when the text is no angle, lies outside of the axis, or names the other one. */
export function angle(text: string, axis: "lon" | "lat"): number | null {
  const upper = text.trim().toUpperCase();
  // The letter stands before the numbers or after them.
  const [, before, numbers = "", after] = /^([NSEWСЮВЗ])?(.*?)([NSEWСЮВЗ])?$/u.exec(upper) ?? [];
  if (before !== undefined && after !== undefined) return null;
  const told = LETTERS[before ?? after ?? ""];
  if (told !== undefined && told.axis !== axis) return null;
  const parts = numbers.replace(/[°º'’′"”″:]+/gu, " ").trim().split(/\s+/);
  const values = parts.map(number);
  const [degrees, minutes = 0, seconds = 0] = values as number[];
  if (values.length > 3 || values.includes(null) || degrees === undefined) return null;
  const negative = parts[0]?.startsWith("-") === true;
  // Minutes and seconds carry no sign, and only the last part may have a fraction.
  if ([minutes, seconds].some((part) => part < 0 || part >= 60) || values.slice(0, -1).some((part) => !Number.isInteger(part))) return null;
  if (negative && told !== undefined) return null;
  const size = Math.abs(degrees) + minutes / 60 + seconds / 3600;
  if (size > (axis === "lon" ? 180 : 90)) return null;
  return (negative ? -1 : (told?.sign ?? 1)) * size;
}
