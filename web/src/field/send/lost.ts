/** Photos that a record names and nobody has: neither this phone nor the server. */

import { database, type Entry } from "../store/db.ts";
import { isReadable, photo } from "../store/photos.ts";
import { NoWay, ask, json } from "./ask.ts";
import { standing } from "./photos.ts";

export interface Standing {
  /** To be sent from this phone. */
  due: string[];
  /** Lost everywhere. */
  lost: string[];
}

/** The state of the photos of an entry made from the revision `base`. */
export async function photosOf({ record, feature }: Entry, base: number | null): Promise<Standing> {
  const [due, absent]: [string[], string[]] = [[], []];
  for (const hash of feature.properties.photos ?? []) {
    const kept = await photo(hash);
    if (kept?.sent === true || kept?.refused !== undefined) continue;
    if (kept !== undefined && (await isReadable(kept))) due.push(hash);
    else absent.push(hash);
  }
  // Photos that the record named before came from another phone, which may still send them.
  const named = absent.length === 0 || base === null ? [] : await namedBefore(record, absent);
  const lost: string[] = [];
  for (const hash of absent) if (!named.includes(hash) && !(await isThere(hash))) lost.push(hash);
  return { due, lost };
}

/** Those of these photos that the record named when it was fetched, or names on the server. */
async function namedBefore(record: string, absent: readonly string[]): Promise<readonly string[]> {
  const known = (await (await database()).get("known", record))?.feature.properties.photos ?? [];
  if (absent.every((hash) => known.includes(hash))) return known;
  const response = await ask(`/collections/detections/items/${encodeURIComponent(record)}`, { headers: { Accept: "application/geo+json" } });
  const read = (await json(response)) as { properties?: { photos?: string[] } } | null;
  // If the record is not visible, the owner of the photos is unknown.
  return response.ok ? [...known, ...(read?.properties?.photos ?? [])] : absent;
}

/**
 * # Errors
 * `NoWay` if the server cannot be asked.
 */
export async function isThere(hash: string): Promise<boolean> {
  const found = await standing(hash);
  if (found instanceof Response) throw new NoWay(`the photo request returned ${found.status}`);
  return found === "there";
}
