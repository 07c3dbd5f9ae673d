/**
 * Everything that the page stores, in IndexedDB. A newer version of the page may add stores and indexes here; it never
 * removes one or rewrites entries waiting to be sent.
 */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";

import type { Bounds, Names } from "../../shared/api/types.ts";
import type { RecordFeature } from "../record.ts";
import { NoRoom, isFull, releaseReserve, seeToRoom } from "./room.ts";

export { NoRoom };

export interface Problem {
  /** The name of the field; null for the record as a whole. */
  field: string | null;
  value: string | null;
  /** The server's text, in English. */
  reason: string;
  /** The server's name for it, if any. */
  code?: string | null;
}

/**
 * The state of an entry. `held`: the server holds it for a manager, because someone else changed the record meanwhile or the
 * sender may not change it. `returned`: a manager asked for a correction. `rejected`: a manager rejected it.
 */
export type EntryState = "waiting" | "sent" | "refused" | "held" | "returned" | "rejected";

/** One record to send, or already sent. */
export interface Entry {
  /** UUID v7, so entries sort in order of creation. */
  key: string;
  record: string;
  feature: RecordFeature;
  what: "detection" | "neutralised" | "correction";
  /** The revision of the record that this one is based on; null if the record is new, or `after` is not answered yet. */
  base: number | null;
  /** The preceding unanswered entry for the same record. */
  after: string | null;
  /** Sent with every attempt for this content, so that the server accepts it once. New content gets a new key. */
  idempotency_key: string;
  /** The number of attempts without a response: the server may have received it. */
  n_unanswered: number;
  state: EntryState;
  /** The author, as named by the server; null if nobody was signed in. */
  by: string | null;
  /** The author's operator; absent in entries from before it was stored. */
  operator?: string | null;
  made_at: string;
  answered_at: string | null;
  /** The revision assigned by the server. */
  revision: number | null;
  problems: Problem[];
  /** The comment of the manager who returned it or decided on it. */
  reason: string | null;
  /** The upload in which the server held it for a manager. */
  upload?: string | null;
  /** The decision on a held entry: by a manager, or by its sender. */
  decided?: "accepted" | "dismissed" | "withdrawn" | null;
  /** Photos to send after it. */
  photos_due?: string[];
  /** Photos lost before they reached the server: no longer on this phone, and nowhere else. */
  photos_lost?: string[];
  /** The entry that removes these items from another record: this one is sent once the server has that one. */
  part_of?: string;
}

/** A picture as taken, byte for byte. */
export interface Photo {
  sha256: string;
  type: string;
  bytes: Blob;
  /** The server has all of it. */
  sent: boolean;
  /** Why the server cannot use it, in the server's words. It then stays on the phone, and its record is sent without it. */
  refused?: string | undefined;
  taken_at: string;
}

/** A record as downloaded from the server. */
export interface Known {
  id: string;
  feature: RecordFeature & { properties: { revision: number } };
  /** The district it was downloaded with. */
  area: string;
}

/** A change by this phone, or another of the team's, that waits for a manager's decision or has one. */
export interface ToldClaim {
  number: number;
  upload?: string;
  why: string;
  held_at: string;
  decision: "pending" | "accepted" | "dismissed" | "withdrawn";
  reason?: string;
  decided_at?: string;
  feature: RecordFeature;
}

/** The server's response about one record: `POST /me/records`. */
export interface Told {
  id: string;
  /** `unknown`: the record is absent, or not visible to this user. */
  state: "submitted" | "approved" | "has_issues" | "rejected" | "deleted" | "unknown";
  revision?: number;
  updated_at?: string;
  updated_by?: string;
  reason?: string;
  feature?: RecordFeature;
  claims: ToldClaim[];
}

/** The server's last response about a record, available offline. */
export interface Truth {
  id: string;
  told: Told;
  /** When it was requested, by the phone's clock. */
  as_of: string;
  /** The record as last received; kept when the record is deleted. */
  last: RecordFeature | null;
  /** The state last seen by the user, and when; null if never seen. */
  looked: Told | null;
  looked_at: string | null;
}

export interface Area {
  id: string;
  names: Names;
  bounds: Bounds;
}

/** The data downloaded for a district, for offline use. */
export interface AreaPackage extends Area {
  tiles: Blob;
  n_records: number;
  size_bytes: number;
  fetched_at: string;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry; indexes: { record: string; state: string } };
  photos: { key: string; value: Photo };
  known: { key: string; value: Known; indexes: { area: string } };
  packages: { key: string; value: AreaPackage };
  truths: { key: string; value: Truth };
  /** Single values by name: the signed-in user, the districts, the language. */
  notes: { key: string; value: unknown };
}

export type FieldDb = IDBPDatabase<Schema>;

const NAME = "clearline-field";
const VERSION = 2;

let opened: Promise<FieldDb> | null = null;

async function open(): Promise<FieldDb> {
  const db = await openDB<Schema>(NAME, VERSION, {
    upgrade(made, from) {
      if (from < 1) {
        const entries = made.createObjectStore("entries", { keyPath: "key" });
        entries.createIndex("record", "record");
        entries.createIndex("state", "state");
        made.createObjectStore("photos", { keyPath: "sha256" });
        made.createObjectStore("known", { keyPath: "id" }).createIndex("area", "area");
        made.createObjectStore("packages", { keyPath: "id" });
        made.createObjectStore("notes");
      }
      if (!made.objectStoreNames.contains("truths")) made.createObjectStore("truths", { keyPath: "id" });
    },
    // A newer version of the page needs to upgrade the stores: close, and reopen on next use.
    blocking: () => {
      db.close();
      opened = null;
    },
    terminated: () => {
      opened = null;
    },
  });
  return db;
}

/** On a full disk no database can be opened; browsers report that under many names. */
async function openOnFullDisk(): Promise<FieldDb> {
  try {
    return await open();
  } catch (error) {
    if (!isFull(error)) throw error;
    if (!(await releaseReserve())) throw new NoRoom("the database cannot be opened", { cause: error });
    return open();
  }
}

export function database(): Promise<FieldDb> {
  opened ??= openOnFullDisk().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

type Store = StoreNames<Schema>;
export type Transaction<Names extends Store> = IDBPTransaction<Schema, Names[], "readwrite">;

/**
 * Writes in one transaction, all or nothing. When it resolves, the data is on disk, not merely buffered. `act` awaits
 * nothing but the transaction's own stores.
 *
 * # Errors
 * `NoRoom` if the storage is full.
 */
export async function write<Names extends Store, T>(stores: Names[], act: (transaction: Transaction<Names>) => Promise<T>): Promise<T> {
  await seeToRoom(await database());
  const transaction = await begin(stores);
  try {
    const [result] = await Promise.all([abortingOn(transaction, act), transaction.done]);
    return result;
  } catch (error) {
    const cause = transaction.error ?? error;
    if (isFull(cause)) throw new NoRoom("the storage is full", { cause });
    throw cause;
  }
}

/** Reopen a connection that the browser has closed. */
async function begin<Names extends Store>(stores: Names[]): Promise<Transaction<Names>> {
  try {
    return (await database()).transaction(stores, "readwrite", { durability: "strict" });
  } catch {
    opened = null;
    return (await database()).transaction(stores, "readwrite", { durability: "strict" });
  }
}

/** Abort, so that writes before the failure are not kept either. */
async function abortingOn<Names extends Store, T>(transaction: Transaction<Names>, act: (transaction: Transaction<Names>) => Promise<T>): Promise<T> {
  try {
    return await act(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // The transaction has already ended.
    }
    throw error;
  }
}
