/** Asks the server how records stand: the truth about each, by its id. */

import type { Told } from "../store/db.ts";
import { entry } from "../store/queue.ts";
import { claimOf } from "../store/settle.ts";
import { keepTruths, worthAsking } from "../store/truths.ts";
import { ask, json } from "./ask.ts";

/** Ids that the server takes in one request. */
const MOST_IDS = 500;

/** Asks for everything that this phone has, or works with. Ends early when the server does not tell. */
export async function readTruths(): Promise<void> {
  const ids = await worthAsking();
  for (let from = 0; from < ids.length; from += MOST_IDS) {
    if ((await readTruth(ids.slice(from, from + MOST_IDS))) === null) return;
  }
}

/** Asks for these records, and keeps what is said. Null: the server does not tell, or not now. */
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

/** The revision at which a record stands on the server; null: it is not there, or not for who asks. */
export async function currentRevision(record: string): Promise<number | null> {
  return (await readTruth([record]))?.[0]?.revision ?? null;
}

/** Takes back what its sender wanted and waits for a manager. Answers whether it is withdrawn; what the server says of it is kept either way. */
export async function withdraw(key: string): Promise<boolean> {
  const found = await entry(key);
  if (found === undefined) return false;
  const told = (await readTruth([found.record]))?.[0];
  const claim = told === undefined ? undefined : claimOf(found, told);
  if (claim?.decision === "pending") await ask(`/me/claims/${claim.number}`, { method: "DELETE" });
  await readTruth([found.record]);
  return (await entry(key))?.decided === "withdrawn";
}
