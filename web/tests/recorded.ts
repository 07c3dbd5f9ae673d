/**
 * Server responses to a phone, which the unit tests' servers replay: the script plays a manager against the real program and
 * records its responses. Run by `scripts/web-tests.sh PROGRAM record`.
 */

import { randomUUID } from "node:crypto";

import { makeToken, url } from "./server.ts";

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Answer = Record<string, Json>;

export interface Recorded {
  /** From `POST /me/records`: one record for each possible state. */
  records: Record<string, Answer>;
  /** Reports of `POST /uploads`. */
  uploads: Record<string, Answer>;
}

interface Feature {
  type: "Feature";
  id: string;
  geometry: { type: "Point"; coordinates: [number, number] };
  properties: Record<string, Json>;
}

function feature(more: Record<string, Json> = {}): Feature {
  return { type: "Feature", id: randomUUID(), geometry: { type: "Point", coordinates: [46.03, 40.11] }, properties: { kind: "ap_mine", status: "detected", detected_on: "2026-11-01", quantity: 1, ...more } };
}

/** Sends a request with a token and returns the JSON. */
export function asker(token: string): (method: string, path: string, body?: unknown, type?: string) => Promise<Answer> {
  return async (method, path, body, type = "application/json") => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(url + path, { method, headers: { Authorization: `Bearer ${token}`, "Content-Type": type }, ...sent });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 422) throw new Error(`${method} ${path} returned ${answer.status}: ${text}`);
    return (text === "" ? {} : JSON.parse(text)) as Answer;
  };
}

/** Plays two teams and their manager, and returns the responses to the first team. */
export async function play(): Promise<Recorded> {
  const team = asker(await makeToken("field", "Recorder"));
  const manager = asker(await makeToken("manager", "Manager of the recorder"));
  const upload = (sent: Feature, query = ""): Promise<Answer> => team("POST", `/uploads${query}`, sent, "application/geo+json");
  const uploads: Record<string, Answer> = {};
  const ids = new Map<string, string>();
  const made = new Map<string, Feature>();
  const names = ["submitted", "approved", "has_issues", "rejected", "deleted", "moved", "pending", "accepted", "dismissed", "withdrawn"];
  for (const name of names) {
    const sent = feature();
    ids.set(name, sent.id);
    made.set(name, sent);
    uploads.created = await upload(sent);
  }
  const idOf = (name: string): string => ids.get(name) ?? "";
  const revisionOf = async (name: string): Promise<Json> => ((await manager("GET", `/collections/detections/items/${idOf(name)}`)).properties as Answer).revision ?? null;
  const review = async (name: string, decision: string, reason?: string): Promise<void> => {
    await manager("POST", "/review", { decision, ...(reason !== undefined && { reason }), records: [{ id: idOf(name), revision: await revisionOf(name) }] });
  };
  await review("approved", "approved");
  await review("has_issues", "has_issues", "The place looks wrong");
  await review("rejected", "rejected", "Recorded twice");
  await manager("DELETE", `/collections/detections/items/${idOf("deleted")}?reason=A+trial+entry`);
  await manager("PATCH", `/collections/detections/items/${idOf("moved")}?reason=Measured+again`, { geometry: { type: "Point", coordinates: [46.034, 40.11] } }, "application/merge-patch+json");
  for (const name of ["pending", "accepted", "dismissed", "withdrawn"]) {
    await review(name, "approved");
    const sent = made.get(name) ?? feature();
    const wanted = { ...sent, properties: { ...sent.properties, status: "neutralised", neutralised_on: "2026-11-02", disposal: "burned", base_revision: await revisionOf(name) } };
    uploads.held = await upload(wanted, "?update=true");
  }
  await decide(manager, idOf("accepted"), { decision: "accepted" });
  await decide(manager, idOf("dismissed"), { decision: "dismissed", reason: "Done by another team" });
  await team("DELETE", `/me/claims/${await numberOf(manager, idOf("withdrawn"))}`);
  const first = made.get("submitted") ?? feature();
  uploads.unchanged = await upload(first);
  uploads.updated = await upload({ ...first, properties: { ...first.properties, note: "By the third pole", base_revision: await revisionOf("submitted") } }, "?update=true");
  uploads.refused = await upload(feature({ depth_cm: 20_000 }));
  ids.set("unknown", randomUUID());

  const asked = [...ids.values()];
  const { records } = (await team("POST", "/me/records", { ids: asked })) as { records: Answer[] };
  const found = Object.fromEntries([...ids].map(([name, id]) => [name, records.find((each) => each.id === id) ?? {}]));
  // Approved records change the demonstration's figures, which other tests rely on.
  for (const name of names) if (name !== "deleted") await manager("DELETE", `/collections/detections/items/${idOf(name)}?reason=test`);
  return { records: found, uploads };
}

interface Held {
  number: number;
  feature: { id: string };
  risks: { code: string }[];
  current: { properties: { revision: number } } | null;
}

async function heldOf(manager: ReturnType<typeof asker>, id: string): Promise<Held> {
  const { records } = (await manager("GET", "/held?limit=200")) as unknown as { records: Held[] };
  const held = records.filter(({ feature }) => feature.id === id).at(-1);
  if (held === undefined) throw new Error(`no version of ${id} is held`);
  return held;
}

async function numberOf(manager: ReturnType<typeof asker>, id: string): Promise<number> {
  return (await heldOf(manager, id)).number;
}

/** A manager decides on the held version of this record. */
export async function decide(manager: ReturnType<typeof asker>, id: string, decision: { decision: string; reason?: string }): Promise<void> {
  const { number, risks, current } = await heldOf(manager, id);
  const more = decision.decision === "accepted" ? { confirms: risks.map(({ code }) => code), revision: current?.properties.revision } : {};
  await manager("POST", `/held/${number}`, { ...decision, ...more });
}

/** The shape of a response: its names and the types of its values. */
export function shapeOf(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, shapeOf(value[name] ?? null)]));
}

/** The same with ids, revisions, times and hashes that are stable across recordings. */
export function steady(recorded: Recorded): Recorded {
  const ids = new Map<string, string>();
  const revisions = new Map<number, number>();
  const text = JSON.stringify(recorded);
  for (const [id] of text.matchAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) if (!ids.has(id)) ids.set(id, `00000000-0000-7000-8000-${String(ids.size + 1).padStart(12, "0")}`);
  const all = [...text.matchAll(/"(?:base_)?revision":(\d+)/g)].map(([, n]) => Number(n));
  [...new Set(all)].sort((a, b) => a - b).forEach((n, i) => revisions.set(n, 101 + i));
  return JSON.parse(
    text
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => ids.get(id) ?? id)
      .replace(/"(base_)?revision":(\d+)/g, (_, base: string | undefined, n: string) => `"${base ?? ""}revision":${revisions.get(Number(n)) ?? n}`)
      .replace(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, "2026-11-30T05:00:00Z"),
  ) as Recorded;
}
