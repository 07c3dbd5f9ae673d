/** The routes for signed-in users: the session, the review and the tokens. */

import type { components } from "./openapi.ts";
import type { RecordFeature } from "../../collections/values.ts";
import { COLLECTIONS, type Collection } from "./types.ts";
import { Refused, Unreachable, recordUrl } from "./client.ts";

export const ROLES = ["viewer", "field", "manager", "admin"] as const;
export type Role = "public" | (typeof ROLES)[number];
export type PublicSees = "cells" | "exact" | "nothing";

export interface Me {
  name: string | null;
  role: Role;
  operator: string | null;
  /** Region ids; null for everywhere. */
  regions: string[] | null;
  expires_at: string | null;
  signed_in: boolean;
  /** The start address of the sign-in at an identity provider; null if there is none. */
  openid: string | null;
  /** Cells with fewer uncleared records than `fewest` are not public: only their district is. */
  public: { sees: PublicSees; fewest: number };
}

/** The review state of a record. */
export const WAITING = ["submitted", "held", "has_issues", "rejected"] as const;
export type Waiting = (typeof WAITING)[number];
/** The states for which records can be listed. */
export type Listed = Waiting | "approved";
/** The queues of a manager: records and refused uploads. */
export const QUEUES = ["submitted", "held", "refused", "has_issues", "rejected", "approved"] as const;
/** The number of entries in each queue, except the approved records. Refused uploads are not of one collection. */
export type Counts = Record<Exclude<QueueName, "approved">, number>;
export type QueueName = (typeof QUEUES)[number];
export type Verdict = "approved" | "has_issues" | "rejected";

/** The number of records that need a manager's decision; returned records are the team's. */
export function forManagers(waiting: Counts): number {
  return waiting.submitted + waiting.held;
}

/** A record of any collection. */
export type ReviewedFeature = components["schemas"]["queued"]["feature"];

/** A possible duplicate. */
export type Near = components["schemas"]["near"];

/** A photo of a record, and its metadata. */
export interface Photo {
  photo: string;
  /** Whether the server has received it. */
  is_here: boolean;
  distance_m: number | null;
  taken_on: string | null;
}

/** Why a write was held for a manager instead of being accepted. */
export type Aside = components["schemas"]["heldRecord"]["why"];

/** What to check before accepting a held record. */
export type Risk = components["schemas"]["risk"];

export interface Entry {
  /** Its key in the list, where a record can occur twice. */
  key: string;
  feature: ReviewedFeature;
  /** The last approved version; for a held record, the current version. */
  before: ReviewedFeature | null;
  /** The names of the fields that differ; `location` for the place. */
  changed: string[];
  by: string | null;
  /** The operator of `by`. */
  by_operator: string | null;
  at: string | null;
  reason: string | null;
  near: Near[];
  photos: Photo[];
  risks: Risk[];
  /** Its number in the quarantine, and the reason. */
  held: { number: number; why: Aside } | null;
}

export interface Queue {
  state: Listed;
  waiting: Counts;
  records: Entry[];
  /** The cursor of the next page; null on the last one. */
  next: number | null;
}

export interface Decided {
  revision: number;
  decided: number;
  /** `row` counts the records sent, from 1. */
  problems: { row: number; detail?: string; title?: string }[];
  /** The address for undoing; null if nothing was decided. */
  undo: { href: string; until: string } | null;
}

export interface Token {
  id: string;
  name: string;
  role: Role;
  operator: string | null;
  regions: string[] | null;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}

export interface WantedToken {
  name: string;
  role: Role;
  operator: string | null;
  regions: string[] | null;
  everywhere: boolean;
  days: number;
}

/** A revision of a record of any collection. */
export interface Revision {
  revision: number;
  action: "put" | "delete";
  at: string;
  by: string;
  by_operator?: string;
  reason?: string;
  feature: RecordFeature | null;
}

/** An error response, with the server's own text. */
export class Denied extends Refused {
  readonly detail: string;
  constructor(status: number, url: string, detail: string) {
    super(status, url);
    this.detail = detail;
  }
}

async function ask(method: "GET" | "POST" | "DELETE", url: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: signal ?? null, cache: "no-store" });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Unreachable(`no way to ${url}`, { cause: error });
  }
  if (!response.ok) {
    const problem = (await response.json().catch(() => null)) as { detail?: unknown } | null;
    throw new Denied(response.status, url, typeof problem?.detail === "string" ? problem.detail : "");
  }
  return response.status === 204 ? null : response.json();
}

export async function me(): Promise<Me> {
  return (await ask("GET", "/me")) as Me;
}

export async function signIn(token: string): Promise<void> {
  await ask("POST", "/session", { token });
}

export async function signOut(): Promise<void> {
  await ask("DELETE", "/session");
}

/** The part of a queue that is requested; a null `region` means all regions. */
interface Asked {
  collection: Collection;
  state: Listed;
  region: string | null;
  after: number;
  limit: number;
}

/** What waits for review in each collection. */
export async function waiting(): Promise<Record<Collection, Counts>> {
  const counts = async (collection: Collection): Promise<[Collection, Counts]> => [collection, (await queue({ collection, state: "submitted", region: null, after: 0, limit: 1 })).waiting];
  return Object.fromEntries(await Promise.all(COLLECTIONS.map(counts))) as Record<Collection, Counts>;
}

/** A page of records to review. */
export async function queue(asked: Asked, signal?: AbortSignal): Promise<Queue> {
  const { collection, state } = asked;
  const query = new URLSearchParams({ collection, after: String(asked.after), limit: String(asked.limit) });
  if (state === "held") return heldQueue(query, signal);
  query.set("state", state);
  if (asked.region !== null) query.set("region", asked.region);
  const page = (await ask("GET", `/review?${query.toString()}`, undefined, signal)) as Queue;
  return { ...page, records: page.records.map((entry) => ({ ...entry, key: entry.feature.id, risks: [], held: null })) };
}

interface HeldRecord {
  number: number;
  by: string;
  by_operator: string | null;
  held_at: string;
  why: Aside;
  reason: string | null;
  feature: ReviewedFeature;
  current: ReviewedFeature | null;
  changed: string[];
  photos: Photo[];
  risks: Risk[];
}

/** A page of held records. */
async function heldQueue(query: URLSearchParams, signal?: AbortSignal): Promise<Queue> {
  const page = (await ask("GET", `/held?${query.toString()}`, undefined, signal)) as Omit<Queue, "records"> & { records: HeldRecord[] };
  const entry = ({ number, by, by_operator, held_at: at, why, reason, feature, current, changed, photos, risks }: HeldRecord): Entry => ({
    key: String(number), feature, before: current, changed, by, by_operator, at, reason, near: [], photos, risks, held: { number, why },
  });
  return { ...page, state: "held", records: page.records.map(entry) };
}

/** Accepts a held record over the version that was shown, or dismisses it. The risks were shown. */
export async function decideHeld(entry: Entry, accepted: boolean, reason: string | null): Promise<void> {
  const confirms = accepted ? entry.risks.map(({ code }) => code) : [];
  const body = { decision: accepted ? "accepted" : "dismissed", reason, revision: entry.before?.properties.revision ?? null, confirms };
  await ask("POST", `/held/${entry.held?.number ?? 0}`, body);
}

export async function decide(collection: Collection, decision: Verdict, reason: string | null, records: { id: string; revision: number }[]): Promise<Decided> {
  return (await ask("POST", "/review", { collection, decision, reason, records })) as Decided;
}

/** Undoes a decision; returns the number of restored records. */
export async function undo(href: string): Promise<number> {
  return ((await ask("POST", href)) as { undone: number }).undone;
}

/** A refused upload that its sender cannot correct. */
export type RefusedUpload = components["schemas"]["refusedUpload"];

export interface RefusedPage {
  waiting: Counts;
  uploads: RefusedUpload[];
  next: number | null;
}

export async function refused(after: number, limit: number, signal?: AbortSignal): Promise<RefusedPage> {
  return (await ask("GET", `/refused?after=${after}&limit=${limit}`, undefined, signal)) as RefusedPage;
}

/** Removes an upload from the queue and stores its resolution. */
export async function settle(upload: string, reason: string): Promise<void> {
  await ask("POST", `/refused/${upload}`, { reason });
}

/** The address of an upload's original bytes. */
export function receivedUrl(upload: string): string {
  return `/uploads/${upload}/received`;
}

/** An upload's original bytes as text; null if it is binary. */
export async function receivedText(upload: string, most: number, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(receivedUrl(upload), { signal, cache: "no-store" });
  if (!response.ok) throw new Denied(response.status, response.url, "");
  const bytes = await response.arrayBuffer();
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.length > most ? `${text.slice(0, most)} …` : text;
  } catch {
    return null;
  }
}

export async function tokens(): Promise<Token[]> {
  return ((await ask("GET", "/tokens")) as { tokens: Token[] }).tokens;
}

/** The response contains the token itself, shown only this once. */
export async function makeToken(wanted: WantedToken): Promise<Token & { token: string }> {
  return (await ask("POST", "/tokens", wanted)) as Token & { token: string };
}

export async function revokeToken(id: string): Promise<void> {
  await ask("DELETE", `/tokens/${encodeURIComponent(id)}`);
}

/** Every revision of a record, newest first. */
export async function history(collection: Collection, id: string, signal?: AbortSignal): Promise<Revision[]> {
  return ((await ask("GET", `${recordUrl(id, collection)}/history`, undefined, signal)) as { revisions: Revision[] }).revisions;
}
