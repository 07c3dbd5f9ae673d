/**
 * Everything that the page keeps, in IndexedDB. A newer version of the page may add stores and indexes here; it never
 * takes one away or rewrites what waits to be sent.
 */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";

import type { Bounds, Names } from "../../shared/api/types.ts";
import type { RecordFeature } from "../record.ts";
import { NoRoom, isFull, releaseReserve, seeToRoom } from "./room.ts";

export { NoRoom };

export interface Problem {
  /** The name of the field; null: the record as a whole. */
  field: string | null;
  value: string | null;
  /** In the server's words, which are English. */
  reason: string;
  /** The server's name for it; none where it has none. */
  code?: string | null;
}

/**
 * Where an entry stands. `held`: the server has it and keeps it aside for a manager, because somebody else changed the
 * record meanwhile, or it is not for its sender to change it. `returned`: a manager wants it mended. `rejected`: a
 * manager does not let it stand.
 */
export type EntryState = "waiting" | "sent" | "refused" | "held" | "returned" | "rejected";

/** One record to be sent, or that was sent. */
export interface Entry {
  /** UUID v7, so that entries stand in the order in which they were made. */
  key: string;
  record: string;
  feature: RecordFeature;
  what: "detection" | "neutralised" | "correction";
  /** The revision of the record that this one was made from; null: it is new, or `after` is not yet answered. */
  base: number | null;
  /** The entry for the same record that goes before this one, when it was not answered yet. */
  after: string | null;
  /** Goes with every attempt to send this content, so that the server takes it once. Other content, another one. */
  idempotency_key: string;
  /** Attempts whose answer never came: the server may have it. */
  n_unanswered: number;
  state: EntryState;
  /** Who made it, as the server called them; null: nobody was signed in. */
  by: string | null;
  /** The operator that they worked for; absent in entries from before it was kept. */
  operator?: string | null;
  made_at: string;
  answered_at: string | null;
  /** The revision that the server gave it. */
  revision: number | null;
  problems: Problem[];
  /** What the manager said who sent it back or decided on it. */
  reason: string | null;
  /** The upload in which the server set it aside. */
  upload?: string | null;
  /** What became of it after it was set aside: by a manager, or by its sender. */
  decided?: "accepted" | "dismissed" | "withdrawn" | null;
  /** Photos that are to be sent after it. */
  photos_due?: string[];
  /** Photos that were lost before the server had them: they are not on this phone any more, and nowhere else. */
  photos_lost?: string[];
  /** The entry that takes these items off another record: this one is sent once the server holds that. */
  part_of?: string;
}

/** A picture as it was taken, byte for byte. */
export interface Photo {
  sha256: string;
  type: string;
  bytes: Blob;
  /** The server has all of it. */
  sent: boolean;
  /** Why the server can make nothing of it, in its words; it is kept here then, and its record goes without it. */
  refused?: string | undefined;
  taken_at: string;
}

/** A record as the server had it when it was fetched. */
export interface Known {
  id: string;
  feature: RecordFeature & { properties: { revision: number } };
  /** The district it was fetched with. */
  area: string;
}

/** What somebody on this phone, or another of the team's, wanted of a record and a manager decides, or has decided. */
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

/** What the server says about one record: `POST /me/records`. */
export interface Told {
  id: string;
  /** `unknown`: it is not there, or not for who asks. */
  state: "submitted" | "approved" | "has_issues" | "rejected" | "deleted" | "unknown";
  revision?: number;
  updated_at?: string;
  updated_by?: string;
  reason?: string;
  feature?: RecordFeature;
  claims: ToldClaim[];
}

/** What the server last said about a record, so that it is known without network. */
export interface Truth {
  id: string;
  told: Told;
  /** When it was asked, by the phone's clock. */
  as_of: string;
  /** The record as it was last told; it stays when the record is deleted. */
  last: RecordFeature | null;
  /** What was told when the record was last looked at here, and when that was; null: never. */
  looked: Told | null;
  looked_at: string | null;
}

export interface Area {
  id: string;
  names: Names;
  bounds: Bounds;
}

/** What was fetched of a district for use without network. */
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
  /** Single values by name: who is signed in, the districts, the language. */
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
    // A newer version of the page wants to add to the stores: this one lets go, and opens again when it is next used.
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

/** A disk that is full lets no database be opened, and calls that by many names. */
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
 * Writes in one transaction, all or nothing. When it returns, what was written is on the disk and not only on its way
 * there. `act` awaits nothing but the transaction's own stores.
 *
 * # Errors
 * `NoRoom` when it could not be written: the storage is full.
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

/** A connection that the browser has closed by itself is opened anew. */
async function begin<Names extends Store>(stores: Names[]): Promise<Transaction<Names>> {
  try {
    return (await database()).transaction(stores, "readwrite", { durability: "strict" });
  } catch {
    opened = null;
    return (await database()).transaction(stores, "readwrite", { durability: "strict" });
  }
}

/** What was written before something failed is not kept either. */
async function abortingOn<Names extends Store, T>(transaction: Transaction<Names>, act: (transaction: Transaction<Names>) => Promise<T>): Promise<T> {
  try {
    return await act(transaction);
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself.
    }
    throw error;
  }
}
