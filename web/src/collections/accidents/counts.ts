/** Counts of accidents as text. Pure. */

import type { Speech } from "../../shared/text/index.ts";
import type { Counts } from "./api.ts";

export interface Told {
  accidents: number;
  killed: number;
  injured: number;
}

/** The counts if all of them are published; null if they are withheld. */
export function told({ accidents, killed, injured }: Counts): Told | null {
  return accidents === null || killed === null || injured === null ? null : { accidents, killed, injured };
}

/** The three counts as one sentence. */
export function countsText({ t: { accidents: t }, number }: Speech, { accidents, killed, injured }: Told): string {
  return [`${number(accidents)} ${t.accidents(accidents)}`, `${number(killed)} ${t.killed(killed)}`, `${number(injured)} ${t.injured(injured)}`].join(", ");
}
