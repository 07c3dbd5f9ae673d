/** Learns what managers have sent back of what was sent from here, and why. */

import type { RecordFeature } from "../record.ts";
import { entries, sendBack } from "../store/queue.ts";
import { ask, json } from "./ask.ts";

/** Records that were sent back, of everybody in the district: read in pages, and not without end. */
const PAGE = 1000;
const MOST_PAGES = 20;

interface Returned extends RecordFeature {
  properties: RecordFeature["properties"] & { revision: number; review: "has_issues" | "rejected"; review_reason?: string };
}

export async function readBack(): Promise<void> {
  const own = new Set((await entries()).filter(({ state }) => state === "sent").map(({ record }) => record));
  if (own.size === 0) return;
  const filter = "review IN ('has_issues','rejected')";
  let url: string | null = `/collections/detections/items?${new URLSearchParams({ filter, limit: String(PAGE) }).toString()}`;
  for (let page = 0; page < MOST_PAGES && url !== null; page++) {
    const response = await ask(url, { headers: { Accept: "application/geo+json" } });
    const read = (await json(response)) as { features?: Returned[]; links?: { rel: string; href: string }[] } | null;
    if (!response.ok || read === null) return;
    for (const { id, properties } of read.features ?? []) {
      if (!own.has(id)) continue;
      const state = properties.review === "rejected" ? "rejected" : "returned";
      await sendBack(id, state, properties.revision, properties.review_reason ?? (await reasonOf(id)));
    }
    url = nextOf(read.links ?? []);
  }
}

function nextOf(links: { rel: string; href: string }[]): string | null {
  const href = links.find(({ rel }) => rel === "next")?.href;
  if (href === undefined) return null;
  const { pathname, search } = new URL(href, self.location.href);
  return pathname + search;
}

/** What was said with the newest revision. */
async function reasonOf(id: string): Promise<string | null> {
  const response = await ask(`/collections/detections/items/${encodeURIComponent(id)}/history`, { headers: { Accept: "application/json" } });
  const read = (await json(response)) as { revisions?: { reason?: string }[] } | null;
  return read?.revisions?.[0]?.reason ?? null;
}
