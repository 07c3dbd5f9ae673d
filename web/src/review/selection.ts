/** Which records of the queue are meant, and which comes next. Pure. */

/** What a decision is on: the selected records, or the one that is shown. */
export function meant(ids: readonly string[], selected: ReadonlySet<string>, cursor: number): string[] {
  const chosen = ids.filter((id) => selected.has(id));
  const shown = ids[cursor];
  return chosen.length > 0 || shown === undefined ? chosen : [shown];
}

/** Both ends and all between them, whichever comes first. */
export function span(ids: readonly string[], from: number, to: number): string[] {
  return ids.slice(Math.max(0, Math.min(from, to)), Math.max(from, to) + 1);
}

/** Where the cursor stands when some are gone: on the same record, or on the next one that is left. */
export function cursorAfter(ids: readonly string[], gone: ReadonlySet<string>, cursor: number): number {
  const before = ids.slice(0, cursor).filter((id) => !gone.has(id)).length;
  const left = ids.filter((id) => !gone.has(id)).length;
  return Math.max(0, Math.min(before, left - 1));
}

/** What a record has that a manager should look at before it is approved or accepted. */
interface Flags {
  near: readonly unknown[];
  risks: readonly unknown[];
}

/** Whether a record is selected only by itself, and never among others. */
export function isFlagged({ near, risks }: Flags): boolean {
  return near.length > 0 || risks.length > 0;
}

/** Those of records that can be selected together. */
export function together(entries: readonly (Flags & { key: string })[]): string[] {
  return entries.filter((entry) => !isFlagged(entry)).map(({ key }) => key);
}
