/** Sends a photo in parts and continues where the server says: where an earlier attempt ended, or from the start. */

import type { Photo } from "../store/db.ts";
import { markPhotoRefused, markPhotoSent } from "../store/photos.ts";
import { readAnswer } from "./answers.ts";
import { ask, json } from "./ask.ts";
import { PartSize } from "./parts.ts";
import type { Tries } from "./tries.ts";

/** The number of restarts of a photo per pass, if the server discarded what it had received. */
const MOST_RESTARTS = 1;

/** The number of responses without progress per pass, and of consecutive parts that break. */
const MOST_STALLS = 4;
const MOST_BREAKS = 4;

/** The network speed, measured by earlier photos. */
const size = new PartSize();

export type Stop = { outcome: "sign-in" } | { outcome: "stop"; seconds: number | null };

/** `kept`: the server cannot use this photo, which stays on the phone. `later`: it continues in the next pass. */
export type PhotoOutcome = { outcome: "there" | "kept" | "later" } | Stop;

/** How much of a photo the server has; `there`: all of it. */
export async function standing(hash: string): Promise<number | "there" | Response> {
  const head = await ask(`/photos/${hash}`, { method: "HEAD" });
  if (head.status === 200) return "there";
  if (head.status === 404) return 0;
  return head.status === 204 ? (offsetOf(head) ?? 0) : head;
}

/** Makes sure the server has a photo. `between` runs after each part and may end the upload. */
export async function sendPhoto(kept: Photo, tries: Tries, between: () => Promise<Stop | null>): Promise<PhotoOutcome> {
  const { sha256: hash, bytes } = kept;
  const from = await tries.insist(() => standing(hash));
  if (from === "there") return there(hash);
  if (typeof from !== "number") return failed(from);
  let [offset, begun_at, restarts, stalls, breaks] = [from, from, 0, 0, 0];
  while (stalls < MOST_STALLS && breaks < MOST_BREAKS && offset <= bytes.size) {
    const response = await tries.once(() => sendPart(kept, offset));
    let next: number | null;
    if (response === "broken") {
      // The part may have arrived and its response been lost.
      const now = await tries.insist(() => standing(hash));
      if (now === "there") return there(hash);
      if (typeof now !== "number") return failed(now);
      next = now;
    } else if (response.status === 201) {
      tries.progress = true;
      return there(hash);
    } else if (response.status === 422) {
      // The bytes already on the server may differ from this phone's. Only a complete upload in one go proves the photo invalid.
      if (begun_at === 0 || restarts++ >= MOST_RESTARTS) return refused(hash, response);
      next = offsetOf(response) ?? 0;
    } else {
      next = response.status === 204 || response.status === 409 ? offsetOf(response) : null;
      // Another part is just being written, perhaps by another tab.
      if (response.status === 409 && next === null) return { outcome: "later" };
      if (next === null) return failed(response, hash);
    }
    if (next > offset) [tries.progress, breaks] = [true, 0];
    else if (response === "broken") breaks += 1;
    else stalls += 1;
    begun_at = Math.min(begun_at, next);
    offset = next;
    const stop = await between();
    if (stop !== null) return stop;
  }
  return { outcome: "later" };
}

async function sendPart({ sha256: hash, bytes, type }: Photo, offset: number): Promise<Response> {
  const part = bytes.slice(offset, offset + size.bytes);
  const begun = performance.now();
  try {
    const response = await ask(
      `/photos/${hash}`,
      { method: "PATCH", headers: { "Content-Type": type, "Upload-Offset": String(offset), "Upload-Length": String(bytes.size) }, body: part },
      size.limitMs(part.size),
    );
    if (response.ok) size.took(part.size, performance.now() - begun);
    return response;
  } catch (error) {
    size.broke();
    throw error;
  }
}

async function there(hash: string): Promise<PhotoOutcome> {
  await markPhotoSent(hash);
  return { outcome: "there" };
}

/** Null if the response does not state it. */
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

/** An unsuccessful response to a part: it determines whether more can be sent. */
async function failed(response: Response, hash?: string): Promise<PhotoOutcome> {
  const read = readAnswer(response.status, null, response.headers.get("Retry-After"));
  if (read.outcome === "refused") return hash === undefined ? { outcome: "later" } : refused(hash, response);
  return read.outcome === "sent" || read.outcome === "held" ? { outcome: "later" } : read;
}
