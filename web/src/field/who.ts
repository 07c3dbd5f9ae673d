/** Who makes entries: two operators may each have a "Team 7", who share a phone now and then. Pure. */

import type { Me } from "../shared/api/access.ts";
import type { Entry } from "./store/db.ts";

/** A name, and the operator that it works for. */
export interface Author {
  name: string;
  operator: string | null;
}

export function authorOf(me: Pick<Me, "name" | "operator"> | null): Author | null {
  return typeof me?.name === "string" ? { name: me.name, operator: me.operator } : null;
}

/** Whether somebody may send an entry as its own: it is, or was made while nobody was signed in. Entries from before operators were kept have the name alone. */
export function isBy({ by, operator }: Pick<Entry, "by" | "operator">, author: Author | null): boolean {
  return by === null || (author !== null && by === author.name && (operator === undefined || operator === author.operator));
}

/** Who made an entry, in words. */
export function whoMade({ by, operator }: Pick<Entry, "by" | "operator">): string {
  return [by ?? "", ...(operator == null ? [] : [`(${operator})`])].join(" ");
}
