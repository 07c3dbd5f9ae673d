/**
 * Empties the queue: one record after the other, each with its photos before it. One that is refused, held or cannot
 * be judged never stops those behind it; only a lost network, an ended session or a server that asks for patience does.
 * Runs in the page and in the worker, never in two places at once.
 */

import type { Me } from "../../api/access.ts";
import type { Entry } from "../store/db.ts";
import { keepNote } from "../store/notes.ts";
import { answer, beginAttempt, entries, entry, undoAttempt } from "../store/queue.ts";
import { readAnswer, type Read } from "./answers.ts";
import { authorOf, isBy } from "../who.ts";
import { NoWay, ask, json } from "./ask.ts";
import { readDecisions } from "./decisions.ts";
import { sendPhoto } from "./photos.ts";
import { readBack } from "./readback.ts";
import { currentRevision } from "./revision.ts";

/** How a pass over the queue ended. `left`: entries that still can be sent; `seconds`: what the server asked to wait. */
export interface Pass {
  end: "done" | "no-way" | "sign-in" | "wait" | "elsewhere";
  left: number;
  seconds: number | null;
}

const LOCK = "clearline-field-send";

/** Sends what waits. When another tab or the worker is at it, that one is left to do it. */
export async function sendAll(): Promise<Pass> {
  if (!("locks" in navigator)) return pass();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock === null ? { end: "elsewhere", left: 0, seconds: null } : pass()));
}

async function pass(): Promise<Pass> {
  try {
    const me = await whoIsAsking();
    const mine = (each: Entry): boolean => each.state === "waiting" && isBy(each, authorOf(me));
    const waiting = (await entries()).filter(mine);
    if (me === null) return { end: "sign-in", left: waiting.length, seconds: null };
    for (const each of waiting) {
      const read = await sendOne(each.key);
      if (read?.outcome === "sign-in") return { end: "sign-in", left: await left(mine), seconds: null };
      if (read?.outcome === "stop") return { end: "wait", left: await left(mine), seconds: read.seconds };
    }
    await readBack();
    await readDecisions();
    return { end: "done", left: await left(mine), seconds: null };
  } catch (error) {
    if (error instanceof NoWay) return { end: "no-way", left: (await entries()).filter(({ state }) => state === "waiting").length, seconds: null };
    throw error;
  }
}

async function left(mine: (entry: Entry) => boolean): Promise<number> {
  return (await entries()).filter(mine).length;
}

/** Who the server takes this browser for; null: nobody who may write. */
async function whoIsAsking(): Promise<Me | null> {
  const response = await ask("/me", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new NoWay(`/me answered ${response.status}`);
  const me = (await json(response)) as Me | null;
  if (me === null) throw new NoWay("/me did not answer with JSON");
  if (me.name === null) return null;
  await keepNote("me", me);
  return me;
}

/** Null: it goes after one that is not answered yet. */
async function sendOne(key: string): Promise<Read | null> {
  const base = await baseOf(key);
  if (base === undefined) return null;
  for (const hash of (await entry(key))?.feature.properties.photos ?? []) {
    const sent = await sendPhoto(hash);
    if (sent.outcome !== "there" && sent.outcome !== "kept") return sent;
  }
  const begun = await beginAttempt(key, base);
  if (begun === null) return null;
  const read = await post(begun);
  if (read.outcome === "sent") {
    const revision = read.revision ?? (await currentRevision(begun.record));
    if (revision === null) return { outcome: "later" };
    await answer(key, { outcome: "sent", revision });
  } else if (read.outcome === "held" || read.outcome === "refused") await answer(key, read);
  else if (read.outcome !== "later") await undoAttempt(key);
  return read;
}

/** The revision that the entry is made from; undefined: it must wait for the one before it. */
async function baseOf(key: string): Promise<number | null | undefined> {
  const found = await entry(key);
  if (found?.state !== "waiting") return undefined;
  const before = found.after === null ? undefined : await entry(found.after);
  if (before === undefined) return found.base;
  return before.state === "waiting" || before.state === "refused" ? undefined : before.revision;
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
