/**
 * Whether there is room on the disk, and a reserve for when there is none. A browser that cannot append to its database
 * may close it and clear all that the page keeps; a file beside the database that does not fit does no harm. So a small
 * file is written before anything else is, and where that fails, nothing else is tried until there is room.
 */

import type { FieldDb } from "./db.ts";

/** The phone has no room left. Nothing was kept, and nothing that was kept before is gone. */
export class NoRoom extends Error {}

/** What browsers say of a write that failed: by the norm QuotaExceededError, on a disk that is full also others. */
const FULL: readonly string[] = ["QuotaExceededError", "DataError", "UnknownError", "AbortError", "NotReadableError"];

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && FULL.includes(error.name);
}

const RESERVE = "clearline-reserve";
const RESERVE_BYTES = 2 * 1024 * 1024;
/** More than a record, and what the database writes beside it. */
const PROBE_BYTES = 256 * 1024;
/** Room that was there is believed in for so long. */
const BELIEVED_MS = 1_000;

let probed_at = Number.NEGATIVE_INFINITY;

/** Noise, which no disk makes smaller. */
function noise(bytes: number): Blob {
  const block = crypto.getRandomValues(new Uint8Array(64 * 1024));
  const whole = Array<typeof block>(Math.floor(bytes / block.length)).fill(block);
  return new Blob([...whole, block.subarray(0, bytes % block.length)]);
}

async function fits(db: FieldDb, bytes: number): Promise<boolean> {
  try {
    await db.put("notes", noise(bytes), "room");
    return true;
  } catch (error) {
    return !isFull(error);
  }
}

/**
 * Sees to it that something small can be written: by what is kept in reserve, when there is no other room.
 *
 * # Errors
 * `NoRoom`
 */
export async function seeToRoom(db: FieldDb): Promise<void> {
  if (typeof caches === "undefined" || performance.now() - probed_at < BELIEVED_MS) return;
  if (!(await fits(db, PROBE_BYTES)) && !((await releaseReserve()) && (await fits(db, PROBE_BYTES)))) throw new NoRoom("the disk is full");
  probed_at = performance.now();
}

/**
 * Sees to it that so much can be written, without the reserve.
 *
 * # Errors
 * `NoRoom`
 */
export async function seeToMuchRoom(db: FieldDb, bytes: number): Promise<void> {
  if (typeof caches === "undefined") return;
  const there = await fits(db, bytes + RESERVE_BYTES);
  await seeToRoom(db);
  await fits(db, PROBE_BYTES);
  if (!there) throw new NoRoom("the disk is too full");
}

/** Lays the reserve down where it is not and there is room. */
export async function layReserve(db: FieldDb): Promise<void> {
  if (typeof caches === "undefined") return;
  const cache = await caches.open(RESERVE);
  if ((await cache.keys()).length > 0) return;
  try {
    await seeToMuchRoom(db, 2 * RESERVE_BYTES);
    await cache.put("/reserve", new Response(noise(RESERVE_BYTES)));
  } catch {
    // There is none then.
  }
}

/** Gives the reserve up, which writes nothing. Answers whether there was one. */
export async function releaseReserve(): Promise<boolean> {
  if (typeof caches === "undefined") return false;
  try {
    return await (await caches.open(RESERVE)).delete("/reserve");
  } catch {
    return false;
  }
}
