/** The district boundaries, so that positions can be checked offline. */

import type { LonLat, Names } from "../../shared/api/types.ts";
import type { District } from "../position/district.ts";
import { keepNote, note } from "./notes.ts";

/** Boundaries change once in years. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
/** The timeout for the whole response, over a slow network. */
const LONGEST_MS = 10 * 60_000;
const ASKED = new URLSearchParams({ level: "district", limit: "1000" }).toString();

export interface KeptDistricts {
  fetched_at: string;
  districts: readonly District[];
}

interface Feature {
  id: string;
  geometry: { type: "Polygon"; coordinates: LonLat[][] } | { type: "MultiPolygon"; coordinates: LonLat[][][] } | null;
  properties: { names: Names };
}

/** About 100 m: the boundaries are no more accurate. */
const coarse = ([lon, lat]: LonLat): LonLat => [Math.round(lon * 1000) / 1000, Math.round(lat * 1000) / 1000];

export function districtsOf(features: readonly Feature[]): District[] {
  return features.flatMap(({ id, geometry, properties }) => {
    if (geometry === null) return [];
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return [{ id, names: properties.names, polygons: polygons.map((rings) => rings.map((ring) => ring.map(coarse))) }];
  });
}

/** The boundaries on the phone; empty before the first download. */
export async function keptDistricts(): Promise<readonly District[]> {
  return (await note("districts"))?.districts ?? [];
}

let fetching: Promise<readonly District[]> | null = null;

/** Refreshes missing or old boundaries from the server; on failure the stored ones stay. */
export function renewedDistricts(now = Date.now()): Promise<readonly District[]> {
  fetching ??= renewed(now).finally(() => (fetching = null));
  return fetching;
}

async function renewed(now: number): Promise<readonly District[]> {
  const kept = await note("districts");
  if (kept !== undefined && Math.abs(now - Date.parse(kept.fetched_at)) < KEPT_MS) return kept.districts;
  try {
    const answer = await fetch(`/collections/regions/items?${ASKED}`, { signal: AbortSignal.timeout(LONGEST_MS) });
    if (!answer.ok) return kept?.districts ?? [];
    const { features } = (await answer.json()) as { features: Feature[] };
    const districts = districtsOf(features);
    if (districts.length > 0) await keepNote("districts", { fetched_at: new Date(now).toISOString(), districts });
    return districts.length > 0 ? districts : (kept?.districts ?? []);
  } catch {
    // Server unreachable or no room: retry next time.
    return kept?.districts ?? [];
  }
}
