/**
 * The entries waiting to be sent, and their outcomes. Nothing leaves the queue unasked: an answered entry keeps its
 * response, and only its author can discard a refused one.
 */

import type { Disposal } from "../../shared/api/types.ts";
import { neutralised, sendable, type RecordFeature } from "../record.ts";
import { uuid7 } from "../uuid.ts";
import type { Author } from "../who.ts";
import { refusedPhotos } from "./photos.ts";
import { isTurnedDown } from "./settle.ts";
import { database, write, type Entry, type EntryState, type Problem, type Transaction } from "./db.ts";

/** The number of sent entries that stay listed; older ones are removed when the list is tidied. */
export const MOST_SENT = 500;

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("clearline-field");

/** Tells this tab, the others and the worker that the queue has changed. */
const listeners = new Set<() => void>();
channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

export function onQueueChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function announce(): void {
  listeners.forEach((listener) => listener());
  channel?.postMessage("changed");
}

/** Reads and writes the entries in one transaction, so that a sending attempt starts before or after it, not in between. */
async function change<T>(act: (entries: ReturnType<typeof storeOf>) => Promise<T>): Promise<T> {
  const result = await write(["entries"], (transaction) => act(storeOf(transaction)));
  announce();
  return result;
}

function storeOf(transaction: Transaction<"entries">) {
  return transaction.objectStore("entries");
}

/** Replaces the entry of this key; null leaves it unchanged. Returns the new entry. */
function exchange(key: string, by: (found: Entry) => Entry | null): Promise<Entry | null> {
  return change(async (entries) => {
    const found = await entries.get(key);
    const next = found === undefined ? null : by(found);
    if (next !== null) await entries.put(next);
    return next;
  });
}

function entryOf(feature: RecordFeature, what: Entry["what"], by: Author | null, after?: string): Entry {
  return {
    key: uuid7(after),
    record: feature.id,
    feature: sendable(feature),
    what,
    base: null,
    after: null,
    idempotency_key: crypto.randomUUID(),
    n_unanswered: 0,
    state: "waiting",
    by: by?.name ?? null,
    operator: by?.operator ?? null,
    made_at: new Date().toISOString(),
    answered_at: null,
    revision: null,
    problems: [],
    reason: null,
  };
}

/**
 * Stores a new detection. It is on disk when this resolves.
 *
 * # Errors
 * `NoRoom` if the storage is full.
 */
export async function keepDetection(feature: RecordFeature, by: Author | null): Promise<Entry> {
  const made = entryOf(feature, "detection", by);
  await change((entries) => entries.put(made));
  return made;
}

/** All entries, oldest first. */
export async function entries(): Promise<Entry[]> {
  return (await database()).getAll("entries");
}

export async function entry(key: string): Promise<Entry | undefined> {
  return (await database()).get("entries", key);
}

/** The entries in this state, oldest first. */
export async function entriesIn(state: EntryState): Promise<Entry[]> {
  return (await database()).getAllFromIndex("entries", "state", state);
}

/** Entries by their record, in order. */
export function byRecord(entries: readonly Entry[]): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const before = found.get(entry.record);
    if (before === undefined) found.set(entry.record, [entry]);
    else before.push(entry);
  }
  return found;
}

/** The entries of a record, oldest first. */
export async function entriesOf(record: string): Promise<Entry[]> {
  return (await database()).getAllFromIndex("entries", "record", record);
}

/** Whether a manager returned or rejected it. */
export function isReviewed({ state }: Pick<Entry, "state">): boolean {
  return state === "returned" || state === "rejected";
}

/** Whether its content can be replaced: nobody else has seen it, or it was returned for correction. */
export function isOpen({ state, n_unanswered }: Pick<Entry, "state" | "n_unanswered">): boolean {
  return state === "refused" || isReviewed({ state }) || (state === "waiting" && n_unanswered === 0);
}

/**
 * Whether it can be discarded without losing an item: it is only on this phone, or a manager dismissed or rejected it. A
 * part cannot, because its record already has fewer items: it is discarded with the entry it is a part of.
 */
export function canDiscard(entry: Entry): boolean {
  return isOpen(entry) && entry.state !== "returned" && entry.part_of === undefined;
}

/** The entry with other content, waiting again. `seen`: the server's revision it was based on, if known. */
function mended(entry: Entry, feature: RecordFeature, seen: number | null, what: Entry["what"] = "correction"): Entry {
  const returned = isReviewed(entry);
  return {
    ...entry,
    feature: sendable(feature),
    // A returned entry is already on the server: the next revision continues from there.
    base: returned ? (seen ?? entry.revision ?? entry.base) : entry.base,
    after: returned ? null : entry.after,
    what: returned ? what : entry.what,
    state: "waiting",
    idempotency_key: crypto.randomUUID(),
    n_unanswered: 0,
    problems: [],
    reason: null,
    upload: null,
    decided: null,
    photos_due: [],
    photos_lost: [],
  };
}

/**
 * Stores other content for a record: in its newest entry while that is open, otherwise as a following entry. `seen` is the
 * revision that the content is based on, if it came from the server.
 *
 * # Errors
 * `NoRoom` if the storage is full.
 */
export async function keepChange(feature: RecordFeature, what: "neutralised" | "correction", seen: number | null, by: Author | null): Promise<Entry> {
  return change((entries) => putChange(entries, feature, what, seen, by));
}

async function putChange(entries: ReturnType<typeof storeOf>, feature: RecordFeature, what: "neutralised" | "correction", seen: number | null, by: Author | null): Promise<Entry> {
  const newest = (await entries.index("record").getAll(feature.id)).at(-1);
  const made = newest !== undefined && isOpen(newest) ? mended(newest, feature, seen, what) : follows(newest, entryOf(feature, what, by, newest?.key), seen);
  await entries.put(made);
  return made;
}

/**
 * Stores that some of a record's items were neutralised: fewer items in the record and the others as a separate record, both
 * or neither. The second is sent once the server has the first, so no item is ever counted in both.
 *
 * # Errors
 * `NoRoom` if the storage is full.
 */
export async function keepPart({ rest, part }: { rest: RecordFeature; part: RecordFeature }, seen: number | null, by: Author | null): Promise<Entry> {
  return change(async (entries) => {
    const first = await putChange(entries, rest, "correction", seen, by);
    const made: Entry = { ...entryOf(part, "neutralised", by, first.key), part_of: first.key };
    await entries.put(made);
    return made;
  });
}

function follows(newest: Entry | undefined, made: Entry, seen: number | null): Entry {
  if (newest === undefined) return { ...made, base: seen };
  if (newest.state === "waiting") return { ...made, after: newest.key };
  return { ...made, base: seen ?? newest.revision ?? newest.base };
}

/** Replaces the content of an entry that was refused, returned or not sent yet. Returns false if it was sent meanwhile. */
export async function mend(key: string, feature: RecordFeature, seen: number | null = null): Promise<boolean> {
  return (await exchange(key, (found) => (isOpen(found) ? mended(found, feature, seen) : null))) !== null;
}

/** Marks a record, own or a colleague's, as neutralised. */
export function keepNeutralised(feature: RecordFeature, on: string, disposal: Disposal, seen: number | null, by: Author | null): Promise<Entry> {
  return keepChange(neutralised(feature, on, disposal), "neutralised", seen, by);
}

/**
 * Discards an entry that the server refused, that a manager dismissed or rejected, or that was never sent, together with its
 * followers. For a record that a manager rejected or deleted, all answered entries are discarded: the server has them.
 */
export async function discard(key: string): Promise<void> {
  await write(["entries", "truths"], async (transaction) => {
    const entries = transaction.objectStore("entries");
    const found = await entries.get(key);
    if (found === undefined) return;
    const told = (await transaction.objectStore("truths").get(found.record))?.told.state;
    const isOver = told === "deleted" || (found.state === "rejected" && !isTurnedDown(found));
    if (!canDiscard(found) && !(isOver && found.state !== "waiting" && found.state !== "held")) return;
    for (const each of await entries.getAll()) {
      const follows = each.part_of === key && each.n_unanswered === 0 && each.state === "waiting";
      const isDone = isOver && each.record === found.record && (each.state === "sent" || isReviewed(each));
      if (each.key === key || follows || isDone) await entries.delete(each.key);
    }
  });
  announce();
}

/** Sends it in the name of another person signed in on this phone. */
export async function takeOver(key: string, by: Author): Promise<void> {
  await exchange(key, (found) => (found.state === "waiting" ? { ...found, by: by.name, operator: by.operator } : null));
}

/**
 * Starts an attempt to send, based on the revision `base`. From here on the server may have the content, so content and base
 * no longer change. Returns the entry to send; null if it is no longer waiting. Lost photos are left out, unless the server
 * may have the entry with them.
 */
export function beginAttempt(key: string, base: number | null, lost: readonly string[] = []): Promise<Entry | null> {
  return exchange(key, (found) => {
    if (found.state !== "waiting") return null;
    const feature = found.n_unanswered === 0 ? without(lost, found.feature) : found.feature;
    const photos_lost = [...new Set([...(found.photos_lost ?? []), ...lost])];
    return { ...found, feature, photos_lost, base, after: null, n_unanswered: found.n_unanswered + 1 };
  });
}

function without(lost: readonly string[], feature: RecordFeature): RecordFeature {
  if (lost.length === 0) return feature;
  const { photos = [], ...properties } = feature.properties;
  const left = photos.filter((hash) => !lost.includes(hash));
  return { ...feature, properties: { ...properties, ...(left.length > 0 && { photos: left }) } };
}

/** Removes a photo from those an entry still has to send: it is done, or lost. */
export async function settlePhoto(key: string, hash: string, how: "settled" | "lost"): Promise<void> {
  await exchange(key, (found) => {
    const photos_due = (found.photos_due ?? []).filter((each) => each !== hash);
    return { ...found, photos_due, ...(how === "lost" && { photos_lost: [...(found.photos_lost ?? []), hash] }) };
  });
}

/** The server stated that it did not accept the content: the attempt does not count. */
export async function undoAttempt(key: string): Promise<void> {
  await exchange(key, (found) => (found.n_unanswered > 0 ? { ...found, n_unanswered: found.n_unanswered - 1 } : null));
}

export type Answer = { outcome: "sent"; revision: number } | { outcome: "held"; problems: Problem[]; upload: string | null } | { outcome: "refused"; problems: Problem[] };

/** Stores the server's response and the photos to send next. */
export async function answer(key: string, given: Answer, photos_due: string[] = []): Promise<void> {
  const { outcome: state, ...told } = given;
  await exchange(key, (found) => ({ ...found, ...told, state, photos_due, n_unanswered: 0, answered_at: new Date().toISOString() }));
}

/** The record that included this entry's items differs on the server, so this entry may not be sent either. */
export function waitsForRest(first: Pick<Entry, "state" | "decided"> | undefined): boolean {
  return first !== undefined && (["waiting", "held", "refused"].includes(first.state) || isTurnedDown(first));
}

/** Removes the oldest sent entries from the list, above `MOST_SENT`. */
export async function tidyQueue(): Promise<void> {
  const only = new Set(await refusedPhotos());
  await write(["entries"], async (transaction) => {
    const entries = transaction.objectStore("entries");
    const sent = await entries.index("state").getAllKeys("sent");
    for (const key of sent.sort().slice(0, Math.max(0, sent.length - MOST_SENT))) {
      // A photo that exists only here stays as long as an entry names it.
      const { feature, photos_due = [] } = (await entries.get(key)) ?? {};
      if (photos_due.length === 0 && !feature?.properties.photos?.some((hash) => only.has(hash))) await entries.delete(key);
    }
  });
}
