/**
 * Empties the queue: first all records in order, then the managers' decisions on them, then the photos. An entry that is
 * refused, held or cannot be judged never blocks those behind it, and neither does a broken request. Only a lost network, an
 * ended session or a server that asks to wait does. Runs in the page and in the worker, never in both at once.
 */

import type { Me } from "../../shared/api/access.ts";
import { NoRoom, type Entry } from "../store/db.ts";
import { keepNote } from "../store/notes.ts";
import { isReadable, photo } from "../store/photos.ts";
import { answer, beginAttempt, entries, entriesIn, entry, settlePhoto, undoAttempt, waitsForRest } from "../store/queue.ts";
import { readAnswer, type Read } from "./answers.ts";
import { authorOf, isBy } from "../who.ts";
import { NoWay, ask, json } from "./ask.ts";
import { isThere, photosOf } from "./lost.ts";
import { sendPhoto, type Stop } from "./photos.ts";
import { Tries } from "./tries.ts";
import { currentRevision, readTruths } from "./truth.ts";

/** How a pass over the queue ended. `full`: the responses cannot be stored on this phone. */
export interface Pass {
  end: "done" | "no-way" | "sign-in" | "wait" | "elsewhere" | "full";
  /** The number of entries that can still be sent. */
  left: number;
  /** The number of photos still to send. */
  photos: number;
  /** The delay that the server requested. */
  seconds: number | null;
  /** Whether anything succeeded. */
  progress: boolean;
}

const LOCK = "clearline-field-send";

/** Sends waiting entries, unless another tab or the worker is already doing so. */
export async function sendAll(): Promise<Pass> {
  if (!("locks" in navigator)) return pass();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? { end: "elsewhere", left: 0, photos: 0, seconds: null, progress: false } : pass()));
}

/** One pass: its work and its user. */
interface Work {
  tries: Tries;
  mine: (entry: Entry) => boolean;
  /** Contents answered in this pass, by key. */
  tried: Set<string>;
}

async function pass(): Promise<Pass> {
  const tries = new Tries();
  let mine: Work["mine"] = () => true;
  const ended = async (end: Pass["end"], seconds: number | null = null): Promise<Pass> => {
    const all = (await entries()).filter(mine);
    const left = all.filter(({ state }) => state === "waiting").length;
    return { end, left, photos: new Set(all.flatMap(({ photos_due = [] }) => photos_due)).size, seconds, progress: tries.progress };
  };
  try {
    const me = await tries.insist(whoIsAsking);
    mine = (each) => isBy(each, authorOf(me));
    if (me === null) return await ended("sign-in");
    const work = { tries, mine, tried: new Set<string>() };
    const stop = (await sendRecords(work)) ?? (await hearBack(work)) ?? (await sendPhotos(work));
    if (stop !== null) return await ended(stop.outcome === "stop" ? "wait" : "sign-in", stop.outcome === "stop" ? stop.seconds : null);
    // Requests that broke and did not succeed later mean that the network is poor.
    return await ended((await waiting(work)).length > 0 ? "no-way" : "done");
  } catch (error) {
    if (error instanceof NoWay) return ended("no-way");
    if (error instanceof NoRoom) return ended("full");
    throw error;
  }
}

/** The user that the server recognises in this browser; null if there is none who may write. */
async function whoIsAsking(): Promise<Me | null> {
  const response = await ask("/me", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new NoWay(`/me returned ${response.status}`);
  const me = (await json(response)) as Me | null;
  if (me === null) throw new NoWay("/me did not answer with JSON");
  if (me.name === null) return null;
  await keepNote("me", me);
  return me;
}

/** Waiting entries that can be sent, without those answered in this pass. */
async function waiting({ mine, tried }: Work): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const each of await entriesIn("waiting")) {
    if (mine(each) && !tried.has(each.idempotency_key) && (await baseOf(each)) !== undefined) found.push(each);
  }
  return found;
}

/** Sends the waiting records, and retries broken ones as long as others succeed. */
async function sendRecords(work: Work): Promise<Stop | null> {
  for (let moved = true; moved; ) {
    moved = false;
    for (const { key, idempotency_key } of await waiting(work)) {
      const read = await work.tries.once(() => sendOne(key));
      if (read === "broken") continue;
      if (read?.outcome === "sign-in" || read?.outcome === "stop") return read;
      work.tried.add(idempotency_key);
      moved = true;
      work.tries.progress ||= read !== null && read.outcome !== "later";
    }
  }
  return null;
}

/** Fetches the outcomes of sent entries. If that fails, the next pass repeats it. */
async function hearBack({ tries }: Work): Promise<null> {
  await tries.once(readTruths);
  return null;
}

/** Null if it is no longer waiting. */
async function sendOne(key: string): Promise<Read | null> {
  const found = await entry(key);
  const base = found === undefined ? undefined : await baseOf(found);
  if (found === undefined || base === undefined) return null;
  const { due, lost } = await photosOf(found, base);
  const begun = await beginAttempt(key, base, lost);
  if (begun === null) return null;
  const read = await post(begun);
  if (read.outcome === "sent") {
    const revision = read.revision ?? (await currentRevision(begun.record));
    if (revision === null) return { outcome: "later" };
    await answer(key, { outcome: "sent", revision }, due);
  } else if (read.outcome === "held" || read.outcome === "refused") await answer(key, read, read.outcome === "held" ? due : []);
  else if (read.outcome !== "later") await undoAttempt(key);
  return read;
}

/** The base revision of an entry; undefined if it is not waiting, or must wait for the entry before it. */
async function baseOf({ state, base, after, part_of }: Entry): Promise<number | null | undefined> {
  if (state !== "waiting" || (part_of !== undefined && waitsForRest(await entry(part_of)))) return undefined;
  const before = after === null ? undefined : await entry(after);
  if (before === undefined) return base;
  return before.state === "waiting" || before.state === "refused" ? undefined : (before.revision ?? before.base);
}

async function post({ feature, idempotency_key, base }: Entry): Promise<Read> {
  const properties = base === null ? feature.properties : { ...feature.properties, base_revision: base };
  const response = await ask(base === null ? "/uploads" : "/uploads?update=true", {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/geo+json", "Idempotency-Key": idempotency_key },
    body: JSON.stringify({ ...feature, properties }),
  });
  return readAnswer(response.status, await json(response), response.headers.get("Retry-After"));
}

/** Sends the photos of records the server has. A record added meanwhile is sent before the next part. */
async function sendPhotos(work: Work): Promise<Stop | null> {
  for (const { key, photos_due = [] } of (await entries()).filter(work.mine)) {
    for (const hash of photos_due) {
      const kept = await photo(hash);
      if (kept === undefined || !(await isReadable(kept))) {
        const there = kept?.sent === true || (await work.tries.insist(() => isThere(hash)));
        await settlePhoto(key, hash, there ? "settled" : "lost");
        continue;
      }
      const sent = kept.sent || kept.refused !== undefined ? { outcome: "there" as const } : await sendPhoto(kept, work.tries, () => sendRecords(work));
      if (sent.outcome === "sign-in" || sent.outcome === "stop") return sent;
      if (sent.outcome !== "later") await settlePhoto(key, hash, "settled");
    }
  }
  return null;
}
