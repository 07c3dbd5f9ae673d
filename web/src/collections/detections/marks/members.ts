/** The records of a mark, as a tile holds them: a value of a tile is a text or a number. Pure. */

import type { Member } from "./gather.ts";

/** A mark of more records does not list them: its card would be a page. */
const MOST = 12;

/** The property of a mark whose records are all known one by one and not too many. */
export function listed(members: readonly Member[], records: number): { members?: string } {
  return members.length === records && records <= MOST ? { members: JSON.stringify(members) } : {};
}

export function membersOf({ members }: Readonly<Record<string, unknown>>): Member[] {
  return typeof members === "string" ? (JSON.parse(members) as Member[]) : [];
}
