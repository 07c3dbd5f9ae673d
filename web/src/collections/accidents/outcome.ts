/** What is known of the people in an accident. Pure. */

import type { ExpressionSpecification } from "maplibre-gl";

import type { Speech } from "../../shared/text/index.ts";

export const OUTCOMES = ["killed", "injured", "unhurt", "unknown"] as const;
/** The worst that is recorded. `unhurt`: both numbers are recorded, and both are 0. */
export type Outcome = (typeof OUTCOMES)[number];

export interface People {
  killed?: number | null;
  injured?: number | null;
}

export function outcomeOf({ killed, injured }: People): Outcome {
  if ((killed ?? 0) > 0) return "killed";
  if ((injured ?? 0) > 0) return "injured";
  return killed == null || injured == null ? "unknown" : "unhurt";
}

/** The same, for a point on the map. */
export const OUTCOME: ExpressionSpecification = [
  "case",
  [">", ["coalesce", ["get", "killed"], 0], 0], "killed",
  [">", ["coalesce", ["get", "injured"], 0], 0], "injured",
  ["all", ["has", "killed"], ["has", "injured"]], "unhurt",
  "unknown",
];

/** The people killed and injured, as far as is recorded. */
export function peopleText({ t: { accidents: t }, number }: Speech, people: People): string {
  const outcome = outcomeOf(people);
  if (outcome === "unhurt" || (people.killed == null && people.injured == null)) return t.people[outcome];
  const { killed, injured } = people;
  const parts = [
    killed == null ? t.killedUnknown : killed > 0 ? `${number(killed)} ${t.killed(killed)}` : "",
    injured == null ? t.injuredUnknown : injured > 0 ? `${number(injured)} ${t.injured(injured)}` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}
