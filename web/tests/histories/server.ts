/** The server as seen by a manager who decides on what the phones of one history sent. */

import assert from "node:assert/strict";

import type { RecordFeature } from "../../src/field/record.ts";
import { url } from "../server.ts";
import type { Action } from "./actions.ts";

export interface Revision {
  revision: number;
  action: string;
  by: string;
  reason?: string;
  feature?: RecordFeature;
}

/** A record as the manager sees it; null if absent or deleted. */
export type Item = (RecordFeature & { properties: { revision: number; review: string } }) | null;

interface Held {
  number: number;
  upload: string;
  feature: { id: string };
  current: { properties: { revision: number } } | null;
  risks: { code: string }[];
}

export class Manager {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** Newest first; empty if the record never existed. */
  async history(id: string): Promise<Revision[]> {
    const response = await this.#ask("GET", `/collections/detections/items/${id}/history`);
    return response.status === 404 ? [] : ((await response.json()) as { revisions: Revision[] }).revisions;
  }

  async item(id: string): Promise<Item> {
    const response = await this.#ask("GET", `/collections/detections/items/${id}`);
    return response.ok ? ((await response.json()) as Item) : null;
  }

  /** The held records among these. */
  async held(of: ReadonlySet<string>): Promise<Held[]> {
    const found: Held[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page = (await (await this.#ask("GET", `/held?limit=200&after=${after}`)).json()) as { records: Held[]; next: number | null };
      found.push(...page.records.filter(({ feature }) => of.has(feature.id)));
      after = page.next;
    }
    return found;
  }

  /** Applies a manager's action to one of these records; does nothing without one. */
  async act(action: Extract<Action, { do: "review" | "delete" | "move" | "decide" }>, ids: readonly string[]): Promise<void> {
    if (action.do === "decide") {
      const held = picked(await this.held(new Set(ids)), action.pick);
      if (held === undefined) return;
      const confirms = held.risks.map(({ code }) => code);
      const looked_at = held.current === null ? {} : { revision: held.current.properties.revision };
      await this.#ask("POST", `/held/${held.number}`, { decision: action.decision, reason: "as discussed", ...looked_at, ...(action.decision === "accepted" && { confirms }) });
      return;
    }
    const id = picked(ids, action.pick);
    const item = id === undefined ? null : await this.item(id);
    if (item === null) return;
    const path = `/collections/detections/items/${item.id}?reason=seen`;
    if (action.do === "delete") await this.#ask("DELETE", path);
    else if (action.do === "review") await this.#ask("POST", "/review", { decision: action.decision, reason: "looked at", records: [{ id: item.id, revision: item.properties.revision }] });
    else {
      const [lon, lat] = item.geometry.coordinates;
      await this.#ask("PATCH", path, { geometry: { type: "Point", coordinates: [lon + 0.001, lat] } });
    }
  }

  async #ask(method: string, path: string, body?: object): Promise<Response> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const response = await fetch(url + path, { method, headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": type }, body: body === undefined ? null : JSON.stringify(body) });
    assert.ok(response.status < 500, `${method} ${path} returned ${response.status}`);
    return response;
  }
}

/** The element at this fraction of their number. */
export function picked<T>(from: readonly T[], pick: number): T | undefined {
  return from[Math.floor(pick * from.length)];
}
