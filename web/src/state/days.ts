/** Days and months as ISO text (2023-09-18, 2023-09), which compares and sorts as text. Uses no clock. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH = /^(\d{4})-(\d{2})$/;

/** Whether a day exists: 2023-02-29 does not. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text);
  if (match === null) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function count(month: string): number {
  const match = MONTH.exec(month);
  if (match === null) throw new Error(`${month} is not a month`);
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

function fromCount(months: number): string {
  const year = String(Math.floor(months / 12)).padStart(4, "0");
  return `${year}-${String((months % 12) + 1).padStart(2, "0")}`;
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function firstDay(month: string): string {
  return `${month}-01`;
}

export function lastDay(month: string): string {
  const months = count(month);
  const days = new Date(Date.UTC(Math.floor(months / 12), (months % 12) + 1, 0)).getUTCDate();
  return `${month}-${String(days).padStart(2, "0")}`;
}

export function addMonths(month: string, n: number): string {
  return fromCount(count(month) + n);
}

/** The number of months from `from` to `to`. */
export function monthsBetween(from: string, to: string): number {
  return count(to) - count(from);
}

/** Every month of a range, both ends included; empty if the range is reversed. */
export function monthRange(from: string, to: string): string[] {
  const n = monthsBetween(from, to) + 1;
  return Array.from({ length: Math.max(0, n) }, (_, i) => addMonths(from, i));
}

export type Preset = "all" | "last12" | "last3" | "lastMonth" | "lastYear";

/**
 * The days of a preset, counted back from the newest record rather than from today: otherwise every preset would be empty
 * for a data set that ends in 2023.
 */
export function presetRange(preset: Preset, newest: string): { from: string | null; to: string | null } {
  const month = monthOf(newest);
  switch (preset) {
    case "all":
      return { from: null, to: null };
    case "last12":
      return { from: firstDay(addMonths(month, -11)), to: lastDay(month) };
    case "last3":
      return { from: firstDay(addMonths(month, -2)), to: lastDay(month) };
    case "lastMonth":
      return { from: firstDay(month), to: lastDay(month) };
    case "lastYear": {
      const year = month.slice(0, 4);
      return { from: `${year}-01-01`, to: `${year}-12-31` };
    }
  }
}
