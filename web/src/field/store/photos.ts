/** The photos, stored under the hash of their original bytes. */

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
 * Stores a photo and returns its hash. The same picture is stored once.
 *
 * # Errors
 * `NoRoom` if the storage is full.
 */
export async function keepPhoto(file: Blob): Promise<string> {
  const hash = await sha256(file);
  // Read the whole file: the camera's copy may be gone by the time it is sent.
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
    // Free space by deleting photos that the server has.
    if (!(error instanceof NoRoom) || (await tidyPhotos()) === 0) throw error;
    await put();
  }
  return hash;
}

export async function photo(hash: string): Promise<Photo | undefined> {
  return (await database()).get("photos", hash);
}

/** Whether its bytes are still readable: a full or defective phone may have lost them. */
export async function isReadable({ bytes }: Photo): Promise<boolean> {
  return bytes.slice(0, 1).arrayBuffer().then(
    ({ byteLength }) => byteLength > 0,
    () => false,
  );
}

/** The photos that the server cannot use. */
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

/** Notes that the server cannot use the photo, and why. */
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

/** A photo without an entry was taken for an abandoned form. It is kept this long. */
const FORM_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** The newest photos that the server has remain viewable while the page uses less than this share of its quota. */
const SHARE_KEPT = 0.5;

/** Deletes the oldest photos that the server has, beyond the available room, and those that nothing refers to. */
export async function thinPhotos(): Promise<void> {
  const { usage = 0, quota = 0 } = await navigator.storage.estimate().catch((): StorageEstimate => ({}));
  await tidyPhotos(Date.now(), Math.max(0, usage - quota * SHARE_KEPT));
}

/**
 * Deletes photos that the server has, oldest first, until this many bytes are free; all of them by default. Always deletes
 * those that nothing refers to. Returns the number of bytes freed.
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
      // If the server cannot use a photo, this is the only copy.
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
