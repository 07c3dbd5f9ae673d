/** Fetches the server's state of records by id. */

import type { Told } from "../store/db.ts";
import { entry } from "../store/queue.ts";
import { claimOf } from "../store/settle.ts";
import { keepTruths, worthAsking } from "../store/truths.ts";
import { ask, json } from "./ask.ts";

/** The maximum number of ids per request. */
const MOST_IDS = 500;

/** Fetches everything that this phone has or works with. Ends early if the server does not respond. */
export async function readTruths(): Promise<void> {
  const ids = await worthAsking();
  for (let from = 0; from < ids.length; from += MOST_IDS) {
    if ((await readTruth(ids.slice(from, from + MOST_IDS))) === null) return;
  }
}

/** Fetches these records and stores the result. Null if the server does not respond, or not now. */
export async function readTruth(ids: readonly string[]): Promise<Told[] | null> {
  const asked_at = new Date().toISOString();
  const response = await ask("/me/records", {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({ ids }),
  });
  const read = (await json(response)) as { records?: Told[] } | null;
  if (!response.ok || read?.records === undefined) return null;
  await keepTruths(read.records, asked_at);
  return read.records;
}

/** The revision of a record on the server; null if it is absent, or not visible to this user. */
export async function currentRevision(record: string): Promise<number | null> {
  return (await readTruth([record]))?.[0]?.revision ?? null;
}

/** Withdraws an entry that waits for a manager. Returns whether it is withdrawn; the server's state is stored either way. */
export async function withdraw(key: string): Promise<boolean> {
  const found = await entry(key);
  if (found === undefined) return false;
  const told = (await readTruth([found.record]))?.[0];
  const claim = told === undefined ? undefined : claimOf(found, told);
  if (claim?.decision === "pending") await ask(`/me/claims/${claim.number}`, { method: "DELETE" });
  await readTruth([found.record]);
  return (await entry(key))?.decided === "withdrawn";
}
