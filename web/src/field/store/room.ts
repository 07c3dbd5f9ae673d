/**
 * Checks for room on the disk, and holds a reserve. A browser that cannot append to its database may close it and clear
 * everything the page stores; a file beside the database that does not fit does no harm. So a small file is written first,
 * and if that fails, nothing else is tried until there is room.
 */

import type { FieldDb } from "./db.ts";

/** The phone is full. Nothing was saved, and nothing saved before is lost. */
export class NoRoom extends Error {}

/** The names of failed writes: QuotaExceededError by the standard, others on a full disk. */
const FULL: readonly string[] = ["QuotaExceededError", "DataError", "UnknownError", "AbortError", "NotReadableError"];

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && FULL.includes(error.name);
}

const RESERVE = "clearline-reserve";
const RESERVE_BYTES = 2 * 1024 * 1024;
/** More than a record and the database's overhead. */
const PROBE_BYTES = 256 * 1024;
/** How long a successful check remains valid. */
const BELIEVED_MS = 1_000;

let probed_at = Number.NEGATIVE_INFINITY;

/** Noise, which no disk can compress. */
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
 * Makes sure that something small can be written, using the reserve if there is no other room.
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
 * Makes sure that this much can be written, without the reserve.
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

/** Creates the reserve if it is missing and there is room. */
export async function layReserve(db: FieldDb): Promise<void> {
  if (typeof caches === "undefined") return;
  const cache = await caches.open(RESERVE);
  if ((await cache.keys()).length > 0) return;
  try {
    await seeToMuchRoom(db, 2 * RESERVE_BYTES);
    await cache.put("/reserve", new Response(noise(RESERVE_BYTES)));
  } catch {
    // No reserve then.
  }
}

/** Releases the reserve, which writes nothing. Returns whether there was one. */
export async function releaseReserve(): Promise<boolean> {
  if (typeof caches === "undefined") return false;
  try {
    return await (await caches.open(RESERVE)).delete("/reserve");
  } catch {
    return false;
  }
}
