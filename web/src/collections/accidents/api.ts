/** Accidents and their counts, as the server answers. */

import { read, recordUrl } from "../../shared/api/client.ts";
import type { components } from "../../shared/api/openapi.ts";
import type { AccidentFeature } from "../../shared/api/types.ts";
import { interval, suffix } from "../../state/filters.ts";
import type { Days } from "./days.ts";

/** Null: withheld from the public. There was an accident, but its number is not published. */
export type Counts = components["schemas"]["accidentCounts"];
export type Summary = components["schemas"]["accidentSummary"];

/** The counts of a region; of everything if null. */
export function summaryUrl(region: string | null, { from, to }: Days): string {
  const query = new URLSearchParams({ by: "region" });
  if (region !== null) query.set("region", region);
  const datetime = interval(from, to);
  if (datetime !== null) query.set("datetime", datetime);
  return `/summary/accidents${suffix(query)}`;
}

export async function summary(url: string, signal: AbortSignal): Promise<Summary> {
  return (await read(url, signal)) as Summary;
}

export async function accident(id: string, signal: AbortSignal): Promise<AccidentFeature> {
  return (await read(recordUrl(id, "accidents"), signal)) as AccidentFeature;
}
