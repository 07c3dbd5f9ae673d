/** The photos: kept by the hash of their bytes, as they were taken. */

import { NoRoom, database, write, type Photo } from "./db.ts";
import { PHOTO_TYPES, kindOfFile, photoFault } from "./pictures.ts";

export { PHOTO_TYPES, photoFault };
export type { PhotoFault } from "./pictures.ts";

export const MOST_PHOTOS = 50;

export async function sha256(bytes: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
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
  const kind = await kindOfFile(file);
  const type = kind === null || kind === "heic" ? file.type : kind;
  const bytes = new Blob([await file.arrayBuffer()], { type });
  const put = (): Promise<void> =>
    write(["photos"], async (transaction) => {
      const photos = transaction.objectStore("photos");
      if ((await photos.getKey(hash)) === undefined) await photos.put({ sha256: hash, type, bytes, sent: false, taken_at: new Date().toISOString() });
    });
  try {
    await put();
  } catch (error) {
    // What the server has already makes room.
    if (!(error instanceof NoRoom) || (await tidyPhotos()) === 0) throw error;
    await put();
  }
  return hash;
}

export async function photo(hash: string): Promise<Photo | undefined> {
  return (await database()).get("photos", hash);
}

/** Whether its bytes are still where they were put: a phone that is full or broken may have lost them. */
export async function isReadable({ bytes }: Photo): Promise<boolean> {
  return bytes.slice(0, 1).arrayBuffer().then(
    ({ byteLength }) => byteLength > 0,
    () => false,
  );
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

/** Photos that the server has stay to be looked at, the newest, while what the page keeps is less than this part of what it may. */
const SHARE_KEPT = 0.5;

/** Takes away the oldest of the photos that the server has, above what there is room for, and those that nothing needs. */
export async function thinPhotos(): Promise<void> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  await tidyPhotos(Date.now(), Math.max(0, usage - quota * SHARE_KEPT));
}

/**
 * Takes away photos that the server has, the oldest first, until so many bytes are free: all of them, unless it is said.
 * Those that nothing needs any more go in any case. Answers how many bytes that made free.
 */
export async function tidyPhotos(now = Date.now(), wanted = Number.POSITIVE_INFINITY): Promise<number> {
  return write(["entries", "photos"], async (transaction) => {
    const [needed, named] = [new Set<string>(), new Set<string>()];
    for (const { state, feature, photos_due = [] } of await transaction.objectStore("entries").getAll()) {
      for (const hash of feature.properties.photos ?? []) (state !== "sent" && state !== "held" ? needed : named).add(hash);
      for (const hash of photos_due) needed.add(hash);
    }
    const photos = transaction.objectStore("photos");
    const [sent, useless]: [Photo[], Photo[]] = [[], []];
    for (let cursor = await photos.openCursor(); cursor !== null; cursor = await cursor.continue()) {
      const each = cursor.value;
      // Of one that the server can make nothing of this is the only copy.
      if (needed.has(each.sha256) || (each.refused !== undefined && named.has(each.sha256))) continue;
      if (each.sent) sent.push(each);
      else if (Date.parse(each.taken_at) < now - FORM_KEPT_MS) useless.push(each);
    }
    let freed = 0;
    const remove = async ({ sha256: hash, bytes }: Photo): Promise<void> => {
      await photos.delete(hash);
      freed += bytes.size;
    };
    for (const each of useless) await remove(each);
    sent.sort((a, b) => a.taken_at.localeCompare(b.taken_at));
    for (const each of sent) if (freed < wanted) await remove(each);
    return freed;
  });
}
