/** Sends a photo in parts, and goes on where an earlier attempt ended. */

import type { Photo, Problem } from "../store/db.ts";
import { markPhotoSent, photo } from "../store/photos.ts";
import { readAnswer } from "./answers.ts";
import { ask, json } from "./ask.ts";

export const PART_BYTES = 1024 * 1024;

export type PhotoOutcome = { outcome: "there" } | { outcome: "refused"; problems: Problem[] } | { outcome: "sign-in" | "later" } | { outcome: "stop"; seconds: number | null };

/** Sees to it that the server has the photo of this hash. */
export async function sendPhoto(hash: string): Promise<PhotoOutcome> {
  const kept = await photo(hash);
  // A photo that is not here came from the server, or it was sent and tidied away.
  if (kept === undefined || kept.sent) return { outcome: "there" };
  const head = await ask(`/photos/${hash}`, { method: "HEAD" });
  if (head.status === 200) return there(hash);
  if (head.status !== 204 && head.status !== 404) return failed(head);
  return sendParts(kept, head.status === 204 ? offsetOf(head) : 0);
}

async function sendParts(kept: Photo, from: number): Promise<PhotoOutcome> {
  const { sha256: hash, bytes, type } = kept;
  let offset = from;
  // Each part moves it on; an answer that does not is met at most once for each part.
  const most = 2 * Math.ceil(bytes.size / PART_BYTES) + 2;
  for (let part = 0; part < most; part++) {
    const response = await ask(`/photos/${hash}`, {
      method: "PATCH",
      headers: { "Content-Type": type, "Upload-Offset": String(offset), "Upload-Length": String(bytes.size) },
      body: bytes.slice(offset, offset + PART_BYTES),
    });
    if (response.status === 201) return there(hash);
    if (response.status !== 204 && response.status !== 409) return failed(response);
    offset = offsetOf(response);
    if (offset > bytes.size) return { outcome: "later" };
  }
  return { outcome: "later" };
}

async function there(hash: string): Promise<PhotoOutcome> {
  await markPhotoSent(hash);
  return { outcome: "there" };
}

function offsetOf(response: Response): number {
  const offset = Number(response.headers.get("Upload-Offset") ?? "0");
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : 0;
}

async function failed(response: Response): Promise<PhotoOutcome> {
  const read = readAnswer(response.status, await json(response), response.headers.get("Retry-After"));
  if (read.outcome === "refused") return { outcome: "refused", problems: read.problems.map((problem) => ({ ...problem, field: "photos" })) };
  return read.outcome === "sent" || read.outcome === "held" ? { outcome: "later" } : read;
}
