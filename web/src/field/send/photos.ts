/** Sends a photo in parts, and goes on where the server says: where an earlier attempt ended, or anew. */

import type { Photo } from "../store/db.ts";
import { markPhotoRefused, markPhotoSent, photo } from "../store/photos.ts";
import { readAnswer } from "./answers.ts";
import { ask, json } from "./ask.ts";

export const PART_BYTES = 1024 * 1024;

/** How often a photo is begun anew in one pass, when the server threw away what came of it. */
const MOST_RESTARTS = 1;

/** `kept`: the server can make nothing of this photo. It stays on the phone, and its record does not wait for it. */
export type PhotoOutcome = { outcome: "there" } | { outcome: "kept" } | { outcome: "sign-in" | "later" } | { outcome: "stop"; seconds: number | null };

/** Sees to it that the server has the photo of this hash. */
export async function sendPhoto(hash: string): Promise<PhotoOutcome> {
  const kept = await photo(hash);
  // A photo that is not here came from the server, or it was sent and tidied away.
  if (kept === undefined || kept.sent) return { outcome: "there" };
  const head = await ask(`/photos/${hash}`, { method: "HEAD" });
  if (head.status === 200) return there(hash);
  if (head.status !== 204 && head.status !== 404) return failed(head);
  return sendParts(kept, head.status === 204 ? (offsetOf(head) ?? 0) : 0);
}

async function sendParts(kept: Photo, from: number): Promise<PhotoOutcome> {
  const { sha256: hash, bytes, type } = kept;
  let [offset, begun_at, restarts] = [from, from, 0];
  // Each part moves it on; an answer that does not is met at most once for each part.
  const most = (2 + MOST_RESTARTS) * Math.ceil(bytes.size / PART_BYTES) + 2;
  for (let part = 0; part < most; part++) {
    const response = await ask(`/photos/${hash}`, {
      method: "PATCH",
      headers: { "Content-Type": type, "Upload-Offset": String(offset), "Upload-Length": String(bytes.size) },
      body: bytes.slice(offset, offset + PART_BYTES),
    });
    if (response.status === 201) return there(hash);
    if (response.status === 422) {
      // What came before may not be what this phone has. Only of all of it, sent in one go, it can be said that it is none.
      if (begun_at === 0 || restarts++ >= MOST_RESTARTS) return refused(hash, response);
      [offset, begun_at] = [offsetOf(response) ?? 0, 0];
      continue;
    }
    const next = response.status === 204 || response.status === 409 ? offsetOf(response) : null;
    // Another part is just being written, by another tab perhaps.
    if (response.status === 409 && next === null) return { outcome: "later" };
    if (next === null) return failed(response, hash);
    if (next < offset) begun_at = Math.min(begun_at, next);
    offset = next;
    if (offset > bytes.size) return { outcome: "later" };
  }
  return { outcome: "later" };
}

async function there(hash: string): Promise<PhotoOutcome> {
  await markPhotoSent(hash);
  return { outcome: "there" };
}

/** Null: the answer does not say. */
function offsetOf(response: Response): number | null {
  const said = response.headers.get("Upload-Offset");
  const offset = Number(said ?? Number.NaN);
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : null;
}

async function refused(hash: string, response: Response): Promise<PhotoOutcome> {
  const read = readAnswer(response.status, await json(response), null);
  await markPhotoRefused(hash, (read.outcome === "refused" ? read.problems[0]?.reason : undefined) ?? "");
  return { outcome: "kept" };
}

/** An answer that is none to a part: it says whether the next record can be sent. */
async function failed(response: Response, hash?: string): Promise<PhotoOutcome> {
  const read = readAnswer(response.status, null, response.headers.get("Retry-After"));
  // Whether its record may be written the server says of that; a photo never speaks for it.
  if (read.outcome === "refused") return hash === undefined ? { outcome: "kept" } : refused(hash, response);
  return read.outcome === "sent" || read.outcome === "held" ? { outcome: "later" } : read;
}
