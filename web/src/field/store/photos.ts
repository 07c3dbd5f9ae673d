/** The photos: kept by the hash of their bytes, as they were taken. */

import { database, write, type Photo } from "./db.ts";

/** The pictures that the server takes. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;

/** Of one picture. A phone's camera stays well below. */
export const LARGEST_PHOTO_BYTES = 32 * 1024 * 1024;

export const MOST_PHOTOS = 50;

export async function sha256(bytes: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export type PhotoFault = "type" | "size";

/** Why a file cannot be a photo here; null: it can. */
export function photoFault(file: Blob): PhotoFault | null {
  if (!(PHOTO_TYPES as readonly string[]).includes(file.type)) return "type";
  return file.size > LARGEST_PHOTO_BYTES ? "size" : null;
}

/**
 * Keeps a photo and answers its hash. The same picture again is kept once.
 *
 * # Errors
 * `NoRoom` when the storage is full.
 */
export async function keepPhoto(file: Blob): Promise<string> {
  const hash = await sha256(file);
  // Read whole: what the camera put down may be gone by the time it is sent.
  const bytes = new Blob([await file.arrayBuffer()], { type: file.type });
  await write(["photos"], async (transaction) => {
    const photos = transaction.objectStore("photos");
    if ((await photos.getKey(hash)) === undefined) await photos.put({ sha256: hash, type: file.type, bytes, sent: false, taken_at: new Date().toISOString() });
  });
  return hash;
}

export async function photo(hash: string): Promise<Photo | undefined> {
  return (await database()).get("photos", hash);
}

/** The photos that the server can make nothing of. */
export async function refusedPhotos(): Promise<string[]> {
  const hashes: string[] = [];
  const { store } = (await database()).transaction("photos");
  for (let cursor = await store.openCursor(); cursor !== null; cursor = await cursor.continue()) {
    if (cursor.value.refused !== undefined) hashes.push(cursor.value.sha256);
  }
  return hashes;
}

export async function markPhotoSent(hash: string): Promise<void> {
  await mark(hash, (kept) => ({ ...kept, sent: true, refused: undefined }));
}

/** The server can make nothing of it, for this reason. */
export async function markPhotoRefused(hash: string, reason: string): Promise<void> {
  await mark(hash, (kept) => ({ ...kept, refused: reason }));
}

async function mark(hash: string, by: (kept: Photo) => Photo): Promise<void> {
  await write(["photos"], async (transaction) => {
    const photos = transaction.objectStore("photos");
    const kept = await photos.get(hash);
    if (kept !== undefined) await photos.put(by(kept));
  });
}

/** A photo that belongs to no entry was taken for a form that was left. It is kept this long. */
const FORM_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Takes away the photos that the server has, and those that nothing needs any more. Answers how many bytes that made free. */
export function tidyPhotos(now = Date.now()): Promise<number> {
  return write(["entries", "photos"], async (transaction) => {
    const [needed, named] = [new Set<string>(), new Set<string>()];
    for (const { state, feature } of await transaction.objectStore("entries").getAll()) {
      for (const hash of feature.properties.photos ?? []) (state !== "sent" && state !== "held" ? needed : named).add(hash);
    }
    let freed = 0;
    for (let cursor = await transaction.objectStore("photos").openCursor(); cursor !== null; cursor = await cursor.continue()) {
      const { sha256: hash, sent, refused, bytes, taken_at } = cursor.value;
      // Of one that the server can make nothing of this is the only copy.
      if (needed.has(hash) || (refused !== undefined && named.has(hash)) || !(sent || Date.parse(taken_at) < now - FORM_KEPT_MS)) continue;
      freed += bytes.size;
      await cursor.delete();
    }
    return freed;
  });
}
