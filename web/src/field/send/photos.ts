/** Sends a photo in parts, and goes on where the server says: where an earlier attempt ended, or anew. */

import type { Photo } from "../store/db.ts";
import { markPhotoRefused, markPhotoSent } from "../store/photos.ts";
import { readAnswer } from "./answers.ts";
import { ask, json } from "./ask.ts";
import { PartSize } from "./parts.ts";
import type { Tries } from "./tries.ts";

/** How often a photo is begun anew in one pass, when the server threw away what came of it. */
const MOST_RESTARTS = 1;

/** Answers that move it no further in one pass, and parts that break one after the other. */
const MOST_STALLS = 4;
const MOST_BREAKS = 4;

/** The network was measured by the photos before. */
const size = new PartSize();

export type Stop = { outcome: "sign-in" } | { outcome: "stop"; seconds: number | null };

/** `kept`: the server can make nothing of this photo, which stays on the phone. `later`: it goes on with the next pass. */
export type PhotoOutcome = { outcome: "there" | "kept" | "later" } | Stop;

/** How much of a photo the server has; `there`: all of it. */
export async function standing(hash: string): Promise<number | "there" | Response> {
  const head = await ask(`/photos/${hash}`, { method: "HEAD" });
  if (head.status === 200) return "there";
  if (head.status === 404) return 0;
  return head.status === 204 ? (offsetOf(head) ?? 0) : head;
}

/** Sees to it that the server has a photo. `between` is done after each part, and may end it. */
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
      // It may have arrived, and its answer not.
      const now = await tries.insist(() => standing(hash));
      if (now === "there") return there(hash);
      if (typeof now !== "number") return failed(now);
      next = now;
    } else if (response.status === 201) {
      tries.progress = true;
      return there(hash);
    } else if (response.status === 422) {
      // What came before may not be what this phone has. Only of all of it, sent in one go, it can be said that it is none.
      if (begun_at === 0 || restarts++ >= MOST_RESTARTS) return refused(hash, response);
      next = offsetOf(response) ?? 0;
    } else {
      next = response.status === 204 || response.status === 409 ? offsetOf(response) : null;
      // Another part is just being written, by another tab perhaps.
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

/** An answer that is none to a part: it says whether anything more can be sent. */
async function failed(response: Response, hash?: string): Promise<PhotoOutcome> {
  const read = readAnswer(response.status, null, response.headers.get("Retry-After"));
  if (read.outcome === "refused") return hash === undefined ? { outcome: "later" } : refused(hash, response);
  return read.outcome === "sent" || read.outcome === "held" ? { outcome: "later" } : read;
}
