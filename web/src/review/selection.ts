/** The records that a decision targets, and the next one. Pure. */

/** The target of a decision: the selected records, or the current one. */
export function meant(ids: readonly string[], selected: ReadonlySet<string>, cursor: number): string[] {
  const chosen = ids.filter((id) => selected.has(id));
  const shown = ids[cursor];
  return chosen.length > 0 || shown === undefined ? chosen : [shown];
}

/** Both ends and everything between them, in either order. */
export function span(ids: readonly string[], from: number, to: number): string[] {
  return ids.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1);
}

/** The cursor after records were removed: on the same record, or on the next remaining one. */
export function cursorAfter(ids: readonly string[], gone: ReadonlySet<string>, cursor: number): number {
  const before = ids.slice(0, cursor).filter((id) => !gone.has(id)).length;
  const left = ids.filter((id) => !gone.has(id)).length;
  return Math.max(0, Math.min(before, left - 1));
}

/** What a manager should check in a record before approving or accepting it. */
interface Flags {
  near: readonly unknown[];
  risks: readonly unknown[];
}

/** Whether a record can only be selected by itself. */
export function isFlagged({ near, risks }: Flags): boolean {
  return near.length > 0 || risks.length > 0;
}

/** The records that can be selected together. */
export function together(entries: readonly (Flags & { key: string })[]): string[] {
  return entries.filter((entry) => !isFlagged(entry)).map(({ key }) => key);
}
