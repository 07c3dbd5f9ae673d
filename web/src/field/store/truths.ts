/** The server's last state of each record that this phone has an entry for or has opened. */

import { newsOf, type News } from "../news.ts";
import { stood } from "../shown.ts";
import { database, write, type Entry, type Told, type Truth } from "./db.ts";
import { authorOf, isBy } from "../who.ts";
import { note } from "./notes.ts";
import { announce, byRecord, entries } from "./queue.ts";
import { settled } from "./settle.ts";

/** The number of records without an entry that are requested again: those opened last. */
const MOST_OPENED = 300;

export async function truths(): Promise<Truth[]> {
  return (await database()).getAll("truths");
}

/** The records worth requesting: those waiting for a manager first, then the newest, and those opened here. */
export async function worthAsking(): Promise<string[]> {
  const all = (await entries()).reverse();
  const urgent = all.filter(({ state }) => state === "held");
  // The server cannot know records that were never sent.
  const isThere = ({ state, n_unanswered, base }: Entry): boolean => state !== "waiting" || n_unanswered > 0 || base !== null;
  const asked = [...urgent, ...all.filter(isThere)].map(({ record }) => record);
  return [...new Set([...asked, ...(await truths()).map(({ id }) => id)])];
}

/** Stores the server's response to the request of `asked_at`, and updates the entries accordingly. */
export async function keepTruths(told: readonly Told[], asked_at: string): Promise<void> {
  const asker = authorOf((await note("me")) ?? null);
  const isNews = await write(["truths", "entries"], async (transaction) => {
    const store = transaction.objectStore("truths");
    let changed = false;
    for (const each of told) {
      const before = await store.get(each.id);
      const ofRecord = await transaction.objectStore("entries").index("record").getAll(each.id);
      // The server may show the present user less than the previous one.
      const isForOther = ofRecord.length > 0 && !ofRecord.some((entry) => isBy(entry, asker));
      if (each.state === "unknown" && each.claims.length === 0 && (before === undefined || isForOther)) continue;
      if (before !== undefined && !isNewer(each, before, asked_at)) continue;
      await store.put(truthOf(each, before, asked_at));
      changed ||= JSON.stringify(before?.told) !== JSON.stringify(each);
      for (const entry of ofRecord) {
        const next = settled(entry, each, entry === ofRecord.at(-1));
        if (next !== null) await transaction.objectStore("entries").put(next);
      }
    }
    return changed;
  });
  if (isNews) announce();
}

function isNewer(told: Told, { told: before, as_of }: Truth, asked_at: string): boolean {
  if (told.revision !== undefined && before.revision !== undefined && told.revision !== before.revision) return told.revision > before.revision;
  // A future time was noted while the phone's clock was fast: ignore it in comparisons.
  return asked_at >= as_of || as_of > new Date().toISOString();
}

function truthOf(told: Told, before: Truth | undefined, as_of: string): Truth {
  return { id: told.id, told, as_of, last: told.feature ?? before?.last ?? null, looked: before?.looked ?? null, looked_at: before?.looked_at ?? null };
}

/** Marks the current state of these records as seen, so it is no longer news. */
export async function look(ids: Iterable<string>): Promise<void> {
  const looked_at = new Date().toISOString();
  await write(["truths"], async (transaction) => {
    const store = transaction.objectStore("truths");
    for (const id of ids) {
      const found = await store.get(id);
      if (found !== undefined) await store.put({ ...found, looked: found.told, looked_at });
    }
  });
  announce();
}

/** Unseen changes by others, by record. */
export async function readNews(entries: readonly Entry[]): Promise<Map<string, News>> {
  const found = new Map<string, News>();
  const ofRecord = byRecord(entries);
  const db = await database();
  for (const truth of await truths()) {
    const own = ofRecord.get(truth.id) ?? [];
    // Content accepted from here is newer than the download.
    const known = own.some(stood) ? undefined : await db.get("known", truth.id);
    const news = newsOf(truth, own, known?.feature);
    if (news !== null) found.set(truth.id, news);
  }
  return found;
}

/** Deletes the states of records that this phone neither has nor opened lately. */
export async function tidyTruths(): Promise<void> {
  await write(["truths", "entries", "known"], async (transaction) => {
    const store = transaction.objectStore("truths");
    const opened: Truth[] = [];
    for (const truth of await store.getAll()) {
      if ((await transaction.objectStore("entries").index("record").getKey(truth.id)) !== undefined) continue;
      if ((await transaction.objectStore("known").getKey(truth.id)) === undefined) await store.delete(truth.id);
      else opened.push(truth);
    }
    const newest = opened.sort((a, b) => b.as_of.localeCompare(a.as_of));
    for (const { id } of newest.slice(MOST_OPENED)) await store.delete(id);
  });
}
