/** Reads from the server. Distinguishes an unreachable server from an error response. */

import { detailOf, overviewOf } from "./happened.ts";
import type { Bounds, Collection, DetectionFeature, EventsDetail, EventsOverview, Found, OperatorRow, Overview, RegionDetail } from "./types.ts";
import { suffix } from "../../state/filters.ts";

export class Unreachable extends Error {}

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, url: string) {
    super(`${url} returned ${status}`);
    this.status = status;
  }
}

export async function read(url: string, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { Accept: "application/geo+json, application/json" }, signal: signal ?? null });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Unreachable(`no way to ${url}`, { cause: error });
  }
  if (!response.ok) throw new Refused(response.status, url);
  return response.json();
}

export function regionUrl(id: string, query = new URLSearchParams()): string {
  return `/summary/regions/${encodeURIComponent(id)}${suffix(query)}`;
}

export function recordUrl(id: string, collection: Collection = "detections"): string {
  return `/collections/${collection}/items/${encodeURIComponent(id)}`;
}

export async function overview(query: URLSearchParams, signal: AbortSignal): Promise<Overview> {
  return overviewOf((await read(`/summary/regions${suffix(query)}`, signal)) as Overview | EventsOverview);
}

export async function regionDetail(id: string, query: URLSearchParams, signal: AbortSignal): Promise<RegionDetail> {
  return detailOf((await read(regionUrl(id, query), signal)) as RegionDetail | EventsDetail);
}

/** The operators of a region's records; null for all records. */
export async function operators(region: string | null, query: URLSearchParams, signal: AbortSignal): Promise<OperatorRow[]> {
  const asked = new URLSearchParams([["by", "operator"], ...query]);
  if (region !== null) asked.set("region", region);
  return ((await read(`/summary${suffix(asked)}`, signal)) as { rows: OperatorRow[] }).rows;
}

export async function search(q: string, signal: AbortSignal): Promise<Found[]> {
  const query = new URLSearchParams({ q });
  return ((await read(`/search?${query.toString()}`, signal)) as { results: Found[] }).results;
}

export async function record(id: string, signal?: AbortSignal): Promise<DetectionFeature> {
  return (await read(recordUrl(id), signal)) as DetectionFeature;
}

/** The first page of the records in a bounding box. */
export function recordsUrl(filters: URLSearchParams, bounds: Bounds, limit: number, collection: Collection = "detections"): string {
  const bbox = bounds.map((degree) => degree.toFixed(5)).join(",");
  return `/collections/${collection}/items${suffix(new URLSearchParams([...filters, ["bbox", bbox], ["limit", String(limit)]]))}`;
}

/** The path of the next page, on this server: links come from the server and may name another host. */
export function nextPage(page: { links: { rel: string; href: string }[] }): string | null {
  const href = page.links.find((link) => link.rel === "next")?.href;
  if (href === undefined) return null;
  const url = new URL(href, location.href);
  return url.pathname + url.search;
}
