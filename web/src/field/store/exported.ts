/** The queue as a file, for when sending fails: a ZIP with one GeoJSON file and the original photos. */

import { Zip, ZipPassThrough } from "fflate";

import type { Entry } from "./db.ts";
import { photo, refusedPhotos } from "./photos.ts";
import { entries } from "./queue.ts";

const ENDINGS: Readonly<Record<string, string>> = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" };

/** Everything the server has not accepted: a FeatureCollection that can be uploaded as is. */
export function collection(unsent: readonly Entry[]): string {
  const features = unsent.map(({ feature, base }) => (base === null ? feature : { ...feature, properties: { ...feature.properties, base_revision: base } }));
  return JSON.stringify({ type: "FeatureCollection", features }, null, 1);
}

export async function exportQueue(): Promise<Blob> {
  const all = await entries();
  const unsent = all.filter(({ state }) => state !== "sent" && state !== "held");
  // Turn each part into a Blob at once, which the browser may store on disk: the photos need not fit into memory.
  const parts: Blob[] = [];
  const zip = new Zip((fault, chunk) => {
    if (fault !== null) throw fault;
    parts.push(new Blob([chunk]));
  });
  add(zip, "records.geojson", new TextEncoder().encode(collection(unsent)));
  const hashes = [...unsent.flatMap(({ feature }) => feature.properties.photos ?? []), ...all.flatMap(({ photos_due = [] }) => photos_due), ...(await refusedPhotos())];
  for (const hash of new Set(hashes)) {
    const kept = await photo(hash);
    if (kept !== undefined) add(zip, `photos/${hash}.${ENDINGS[kept.type] ?? "bin"}`, new Uint8Array(await kept.bytes.arrayBuffer()));
  }
  zip.end();
  return new Blob(parts, { type: "application/zip" });
}

function add(zip: Zip, name: string, bytes: Uint8Array<ArrayBuffer>): void {
  // Photos are already compressed.
  const file = new ZipPassThrough(name);
  zip.add(file);
  file.push(bytes, true);
}
