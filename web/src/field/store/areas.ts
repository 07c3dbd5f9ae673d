/** Districts stored for offline use: a map of each, and its uncleared records. */

import type { Overview } from "../../shared/api/types.ts";
import { shownOf, type Shown } from "../shown.ts";
import { database, write, type Area, type AreaPackage, type Entry, type Known, type Transaction } from "./db.ts";
import { fetchPatiently, persistently } from "../send/patient.ts";
import { byRecord } from "./queue.ts";
import { seeToMuchRoom } from "./room.ts";
import { keepNote, note } from "./notes.ts";

/** Records of one district: read in pages small enough for an unreliable network, with an upper limit. */
const PAGE = 1000;
const MOST_PAGES = 100;
/** The number of attempts for one response that breaks off. */
const ATTEMPTS = 6;

export class FetchFailed extends Error {}

async function get(url: string, attempts = ATTEMPTS): Promise<Response> {
  const once = async (): Promise<Response> => {
    const response = await fetchPatiently(url, { cache: "no-store" }).catch((error: unknown) => {
      throw new FetchFailed(`no way to ${url}`, { cause: error });
    });
    if (!response.ok) throw new FetchFailed(`${url} returned ${response.status}`);
    return response;
  };
  return persistently(once, attempts, () => !navigator.onLine);
}

/** The list of districts: from the server, or else as last known. */
export async function areas(): Promise<Area[]> {
  try {
    const { regions } = (await (await get("/summary/regions", 1)).json()) as Overview;
    const found = regions.flatMap(({ id, level, names, bounds }) => (level === "district" && bounds !== null ? [{ id, names, bounds }] : []));
    await keepNote("areas", found);
    return found;
  } catch {
    return (await note("areas")) ?? [];
  }
}

export async function packages(): Promise<AreaPackage[]> {
  return (await database()).getAll("packages");
}

interface Page {
  features: Known["feature"][];
  links: { rel: string; href: string }[];
}

async function recordsOf(area: string): Promise<Known[]> {
  const found: Known[] = [];
  const asked = new URLSearchParams({ region: area, status: "detected", limit: String(PAGE) });
  let url: string | undefined = `/collections/detections/items?${asked.toString()}`;
  for (let page = 0; page < MOST_PAGES && url !== undefined; page++) {
    const { features, links } = (await (await get(url)).json()) as Page;
    found.push(...features.map((feature) => ({ id: feature.id, feature, area })));
    const next = links.find(({ rel }) => rel === "next")?.href;
    url = next === undefined ? undefined : new URL(next, location.href).pathname + new URL(next, location.href).search;
  }
  return found;
}

/**
 * Downloads a district and replaces its stored version, all or nothing.
 *
 * # Errors
 * `FetchFailed`, and `NoRoom` if the storage is full; the stored version stays.
 */
export async function fetchArea(area: Area): Promise<void> {
  const known = await recordsOf(area.id);
  const answer = await get(`/export/detections?${new URLSearchParams({ f: "pmtiles", region: area.id }).toString()}`);
  const tiles = await answer.blob();
  await seeToMuchRoom(await database(), tiles.size + 2 * JSON.stringify(known).length);
  const kept: AreaPackage = { ...area, tiles, n_records: known.length, size_bytes: tiles.size, fetched_at: new Date().toISOString() };
  await write(["packages", "known"], async (transaction) => {
    await forget(transaction, area.id);
    for (const each of known) await transaction.objectStore("known").put(each);
    await transaction.objectStore("packages").put(kept);
  });
}

export async function removeArea(id: string): Promise<void> {
  await write(["packages", "known"], async (transaction) => {
    await forget(transaction, id);
    await transaction.objectStore("packages").delete(id);
  });
}

async function forget(transaction: Transaction<"packages" | "known">, area: string): Promise<void> {
  const known = transaction.objectStore("known");
  for (const id of await known.index("area").getAllKeys(area)) await known.delete(id);
}

/** All records on the phone: those of the stored districts and those that entries were made for. */
export async function shownRecords(entries: readonly Entry[]): Promise<Map<string, Shown>> {
  const db = await database();
  const known = new Map((await db.getAll("known")).map((each) => [each.id, each]));
  const fetched = new Map((await packages()).map(({ id, fetched_at }) => [id, fetched_at]));
  const told = new Map((await db.getAll("truths")).map((truth) => [truth.id, truth]));
  // The newest entry is the last.
  const own = byRecord([...entries].sort((a, b) => (a.key < b.key ? -1 : 1)));
  const shown = new Map<string, Shown>();
  for (const id of new Set([...known.keys(), ...own.keys()])) {
    const each = known.get(id);
    const record = shownOf({ own: own.get(id) ?? [], truth: told.get(id), known: each, fetched_at: each === undefined ? undefined : fetched.get(each.area) });
    if (record !== null) shown.set(id, record);
  }
  return shown;
}
