/** Learns what managers have made of what was set aside. */

import { decide, entries } from "../store/queue.ts";
import { ask, json } from "./ask.ts";
import { currentRevision } from "./revision.ts";

/** Entries that are asked for in one pass, at most: the newest. What waits longer is asked for once these are decided. */
const MOST_ASKED = 100;

interface Decision {
  id?: string;
  decision?: string;
  reason?: string;
}

export async function readDecisions(): Promise<void> {
  const held = (await entries()).filter(({ state, upload }) => state === "held" && typeof upload === "string");
  for (const { key, record, upload } of held.slice(-MOST_ASKED)) {
    const response = await ask(`/uploads/${encodeURIComponent(upload ?? "")}`, { headers: { Accept: "application/json" } });
    // The server has too much to do; what another person sent from this phone is 404.
    if (response.status === 429 || response.status === 503) return;
    const read = (await json(response)) as { decisions?: Decision[] } | null;
    const made = read?.decisions?.find(({ id }) => id === record);
    if (!response.ok || made === undefined) continue;
    const reason = made.reason ?? null;
    if (made.decision === "dismissed") await decide(key, { decided: "dismissed", reason });
    const revision = made.decision === "accepted" ? await currentRevision(record) : null;
    if (revision !== null) await decide(key, { decided: "accepted", revision, reason });
  }
}
