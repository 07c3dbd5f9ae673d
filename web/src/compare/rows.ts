/** The districts as rows of a table: what is recorded, what happened in a period, and the change from the one before. Pure. */

import { withStatements } from "../chart/csv.ts";
import type { Statement } from "../chart/provenance.ts";
import { share } from "../panel/figures.ts";
import type { Names, Region } from "../shared/api/types.ts";
import type { Period } from "./periods.ts";

/** The columns of the state of the records. */
export const STATE = ["records", "detected", "neutralised", "share"] as const;
/** The columns of a period, and of the one before. */
export const FOUND = ["foundNow", "foundBefore", "foundChange"] as const;
export const CLEARED = ["clearedNow", "clearedBefore", "clearedChange"] as const;
export type Column = (typeof STATE)[number] | (typeof FOUND)[number] | (typeof CLEARED)[number];

export interface Row {
  id: string;
  names: Names;
  /** Null where nothing is known: it is not 0. */
  values: Record<Column, number | null>;
}

export interface Counts {
  state: readonly Region[];
  /** The events of the period, and of the one before; null if there is none. */
  now: readonly Region[] | null;
  before: { period: Period; regions: readonly Region[] } | null;
}

export function rowsOf({ state, now, before }: Counts): Row[] {
  const [nowOf, beforeOf] = [now, before?.regions ?? null].map((regions) => new Map((regions ?? []).map((region) => [region.id, region.recorded])));
  return state
    .filter(({ level }) => level === "district")
    .map(({ id, names, recorded, first }) => {
      const isKnown = recorded.records > 0;
      // Nothing recorded by the end of the period before: 0 would claim that nothing was found then.
      const earlier = isKnown && before !== null && first !== null && first <= before.period.to ? beforeOf?.get(id) : undefined;
      const events = isKnown ? nowOf?.get(id) : undefined;
      const [foundNow, clearedNow] = [events?.detected.quantity ?? null, events?.neutralised.quantity ?? null];
      const [foundBefore, clearedBefore] = [earlier?.detected.quantity ?? null, earlier?.neutralised.quantity ?? null];
      return {
        id,
        names,
        values: {
          records: isKnown ? recorded.records : null,
          detected: isKnown ? recorded.detected.quantity : null,
          neutralised: isKnown ? recorded.neutralised.quantity : null,
          share: share(recorded),
          foundNow,
          foundBefore,
          foundChange: change(foundNow, foundBefore),
          clearedNow,
          clearedBefore,
          clearedChange: change(clearedNow, clearedBefore),
        },
      };
    });
}

function change(now: number | null, before: number | null): number | null {
  return now === null || before === null ? null : now - before;
}

export interface Order {
  by: Column | "name";
  descending: boolean;
}

/** Sorted rows; those without a value come last in both directions. */
export function sorted(rows: readonly Row[], { by, descending }: Order, name: (row: Row) => string, lang: string): Row[] {
  const byName = (a: Row, b: Row): number => name(a).localeCompare(name(b), lang);
  return [...rows].sort((a, b) => {
    if (by === "name") return descending ? byName(b, a) : byName(a, b);
    const [x, y] = [a.values[by], b.values[by]];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName(a, b);
    return (descending ? y - x : x - y) || byName(a, b);
  });
}

const HEADINGS: Record<Column, string> = {
  records: "records",
  detected: "items_detected",
  neutralised: "items_neutralised",
  share: "share_neutralised",
  foundNow: "items_found_in_period",
  foundBefore: "items_found_before",
  foundChange: "items_found_change",
  clearedNow: "items_neutralised_in_period",
  clearedBefore: "items_neutralised_before",
  clearedChange: "items_neutralised_change",
};

export function csv(rows: readonly Row[], columns: readonly Column[], name: (row: Row) => string, statements: readonly Statement[]): string {
  const values = (row: Row): (number | null)[] => columns.map((column) => rounded(row.values[column]));
  return withStatements(["id", "district", ...columns.map((column) => HEADINGS[column])], rows.map((row) => [row.id, name(row), ...values(row)]), statements);
}

/** A share has four decimals. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(4));
}

/** A number with its sign. */
export function signed(n: number, number: (n: number) => string): string {
  return n === 0 ? number(0) : (n > 0 ? "+" : "−") + number(Math.abs(n));
}
