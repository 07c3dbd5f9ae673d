/** A phone with an empty store and a server it sends to, new for each test of a file that imports this. */

import "fake-indexeddb/auto";

import { beforeEach, vi } from "vitest";

import type { RecordFeature } from "../../src/field/record.ts";
import { database } from "../../src/field/store/db.ts";
import { entries } from "../../src/field/store/queue.ts";
import { uuid7 } from "../../src/field/uuid.ts";
import type { Author } from "../../src/field/who.ts";
import { Server } from "./field-server.ts";

export function team(name: string, operator: string | null = null): Author {
  return { name, operator };
}

export function feature(kind: RecordFeature["properties"]["kind"] = "ap_mine", photos: string[] = []): RecordFeature {
  const properties = { kind, status: "detected" as const, detected_on: "2026-11-01", quantity: 1, ...(photos.length > 0 && { photos }) };
  return { type: "Feature", id: uuid7(), geometry: { type: "Point", coordinates: [46.3, 39.7] }, properties };
}

export async function states(): Promise<string[]> {
  return (await entries()).map(({ state }) => state);
}

/** The browser's locks, as far as they are used: one holder at a time; the second caller learns so. */
let locked = false;
const locks = {
  request: async <T>(_name: string, _options: LockOptions, act: (lock: object | null) => Promise<T> | T): Promise<T> => {
    if (locked) return act(null);
    locked = true;
    try {
      return await act({});
    } finally {
      locked = false;
    }
  },
};

/** Created for each test. */
export let server: Server;

beforeEach(async () => {
  const db = await database();
  for (const store of ["entries", "photos", "known", "packages", "notes", "truths"] as const) await db.clear(store);
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("navigator", { locks });
});
