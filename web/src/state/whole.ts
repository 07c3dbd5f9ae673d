/** Facts about all records, regardless of filters. */

import * as api from "../shared/api/client.ts";
import type { OperatorRow } from "../shared/api/types.ts";

export interface Whole {
  revision: number | null;
  /** The newest day; null without records. */
  dataTo: string | null;
  /** The number of demonstration records; null if none. */
  madeUp: { records: number; all: number } | null;
  /** The operators that the reader may know of; an empty name for records without one. */
  operators: readonly string[];
}

export const UNKNOWN: Whole = { revision: null, dataTo: null, madeUp: null, operators: [] };

const NOTHING = new URLSearchParams();

export async function wholeAt(revision: number, signal: AbortSignal): Promise<Whole> {
  const [{ updated }, rows] = await Promise.all([api.overview(NOTHING, signal), api.operators(null, NOTHING, signal)]);
  const sum = (some: readonly OperatorRow[]): number => some.reduce((all, { records }) => all + records, 0);
  const records = sum(rows.filter(({ operator }) => operator === "demonstration"));
  return {
    revision,
    dataTo: updated,
    madeUp: records === 0 ? null : { records, all: sum(rows) },
    // A comma separates operators in a query, so a name with one cannot be asked for.
    operators: rows.map(({ operator }) => operator ?? "").filter((name) => !name.includes(",")),
  };
}
