/** The authors of entries: two operators may each have a "Team 7" and occasionally share a phone. Pure. */

import type { Me } from "../shared/api/access.ts";
import type { Entry } from "./store/db.ts";

/** A name, and its operator. */
export interface Author {
  name: string;
  operator: string | null;
}

export function authorOf(me: Pick<Me, "name" | "operator"> | null): Author | null {
  return typeof me?.name === "string" ? { name: me.name, operator: me.operator } : null;
}

/** Whether a user may send an entry as their own: they made it, or nobody was signed in. Entries from before operators were stored match by name alone. */
export function isBy({ by, operator }: Pick<Entry, "by" | "operator">, author: Author | null): boolean {
  return by === null || (author !== null && by === author.name && (operator === undefined || operator === author.operator));
}

/** The author of an entry, as text. */
export function whoMade({ by, operator }: Pick<Entry, "by" | "operator">): string {
  return [by ?? "", ...(operator == null ? [] : [`(${operator})`])].join(" ");
}
