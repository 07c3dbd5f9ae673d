/** The revision at which a record stands on the server; null: it is not there, or not for who asks. */

import { ask, json } from "./ask.ts";

export async function currentRevision(record: string): Promise<number | null> {
  const response = await ask(`/collections/detections/items/${encodeURIComponent(record)}`, { headers: { Accept: "application/geo+json" } });
  const read = (await json(response)) as { properties?: { revision?: unknown } } | null;
  return response.ok && typeof read?.properties?.revision === "number" ? read.properties.revision : null;
}
