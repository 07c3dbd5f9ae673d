/** The differences between two states of a repeated group. Pure. */

/** The values of a row by field. */
export type Row = Readonly<Record<string, unknown>>;

/** A row in both states; null where it is absent. */
export interface Pair {
  before: Row | null;
  after: Row | null;
}

/** The rows of a group; none if it is empty. */
export function rowsOf(value: unknown): Row[] {
  return Array.isArray(value) ? (value as Row[]) : [];
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** The number of values that two rows have in common. */
function likeness(one: Row, other: Row): number {
  return Object.keys(one).filter((field) => one[field] != null && isSame(one[field], other[field])).length;
}

/** Pairs equal rows, then each other row with the most similar one that is left: rows have no identity. Removed rows are last. */
export function paired(before: readonly Row[], after: readonly Row[]): Pair[] {
  const left = [...before];
  const take = (row: Row | undefined): Row | null => (row === undefined ? null : (left.splice(left.indexOf(row), 1)[0] ?? null));
  const equals = after.map((row) => take(left.find((each) => isSame(each, row))));
  const pairs = after.map((row, i) => {
    const [closest] = left.filter((each) => likeness(each, row) > 0).sort((a, b) => likeness(b, row) - likeness(a, row));
    return { before: equals[i] ?? take(closest), after: row };
  });
  return [...pairs, ...left.map((row) => ({ before: row, after: null }))];
}
