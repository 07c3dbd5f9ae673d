/** Who is asking, what waits for review, and the tokens: the routes for people who sign in. */

import type { components } from "./openapi.ts";
import type { DetectionFeature, LonLat } from "./types.ts";
import { Refused, Unreachable, recordUrl } from "./client.ts";

export const ROLES = ["viewer", "field", "manager", "admin"] as const;
export type Role = "public" | (typeof ROLES)[number];
export type PublicSees = "cells" | "exact" | "nothing";

export interface Me {
  name: string | null;
  role: Role;
  operator: string | null;
  /** Ids of regions; null: everywhere. */
  regions: string[] | null;
  expires_at: string | null;
  signed_in: boolean;
  /** Where signing in at a provider of identities begins; null: there is none. */
  openid: string | null;
  /** Cells with fewer uncleared records than `fewest` are not told: only their district is. */
  public: { sees: PublicSees; fewest: number };
}

/** Where a record stands that waits. */
export const WAITING = ["submitted", "held", "has_issues", "rejected"] as const;
export type Waiting = (typeof WAITING)[number];
/** Which records can be listed: those that wait, and those that are approved. */
export type Listed = Waiting | "approved";
/** What a manager can look through: records, and what could not become one. */
export const QUEUES = ["submitted", "held", "refused", "has_issues", "rejected", "approved"] as const;
/** How much waits in each queue; what is approved does not wait. */
export type Counts = Record<Exclude<QueueName, "approved">, number>;
export type QueueName = (typeof QUEUES)[number];
export type Verdict = "approved" | "has_issues" | "rejected";

/** How much of what waits is for a manager to decide; what was sent back is the team's. */
export function forManagers(waiting: Counts): number {
  return waiting.submitted + waiting.held + waiting.refused;
}

/** A record of the same kind and days that lies near. */
export interface Near {
  id: string;
  distance_m: number;
  days: number;
  status: string;
  review: string;
  detected_on: string;
  coordinates: LonLat;
}

/** A photo of a record, and what it says of itself. */
export interface Photo {
  photo: string;
  /** Whether it has come. */
  is_here: boolean;
  distance_m: number | null;
  taken_on: string | null;
}

/** Why something came in and was set aside, instead of being put in its place. */
export type Aside = components["schemas"]["heldRecord"]["why"];

/** What to look at before a record that was set aside is accepted. */
export type Risk = components["schemas"]["risk"];

export interface Entry {
  /** Names it in the list: the record may be there twice. */
  key: string;
  feature: DetectionFeature;
  /** As it was last approved; as it stands, where this was set aside. */
  before: DetectionFeature | null;
  /** The names of the fields that differ; `location` for the place. */
  changed: string[];
  by: string | null;
  /** The operator that `by` works for. */
  by_operator: string | null;
  at: string | null;
  reason: string | null;
  near: Near[];
  photos: Photo[];
  risks: Risk[];
  /** Where it was set aside: its number, and why. */
  held: { number: number; why: Aside } | null;
}

export interface Queue {
  state: Listed;
  waiting: Counts;
  records: Entry[];
  /** What to ask for the next page with; null: there is none. */
  next: number | null;
}

export interface Decided {
  revision: number;
  decided: number;
  /** `row` counts the records that were sent from 1. */
  problems: { row: number; detail?: string; title?: string }[];
  /** Where it can be taken back; null: nothing was decided. */
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

export interface Revision {
  revision: number;
  action: "put" | "delete";
  at: string;
  by: string;
  by_operator?: string;
  reason?: string;
  feature: DetectionFeature | null;
}

/** An answer that says no, with the server's own words for it. */
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

/** A page of what waits; `region` null: all of them. */
export async function queue(asked: { state: Listed; region: string | null; after: number; limit: number }, signal?: AbortSignal): Promise<Queue> {
  if (asked.state === "held") return heldQueue(asked.after, asked.limit, signal);
  const query = new URLSearchParams({ state: asked.state, after: String(asked.after), limit: String(asked.limit) });
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
  feature: DetectionFeature;
  current: DetectionFeature | null;
  changed: string[];
  photos: Photo[];
  risks: Risk[];
}

/** A page of what was set aside. */
async function heldQueue(after: number, limit: number, signal?: AbortSignal): Promise<Queue> {
  const page = (await ask("GET", `/held?after=${after}&limit=${limit}`, undefined, signal)) as Omit<Queue, "records"> & { records: HeldRecord[] };
  const entry = ({ number, by, by_operator, held_at: at, why, reason, feature, current, changed, photos, risks }: HeldRecord): Entry => ({
    key: String(number), feature, before: current, changed, by, by_operator, at, reason, near: [], photos, risks, held: { number, why },
  });
  return { ...page, state: "held", records: page.records.map(entry) };
}

/** Puts in its place what was set aside, over the record as it was looked at, or dismisses it. What is risky about it was shown. */
export async function decideHeld(entry: Entry, accepted: boolean, reason: string | null): Promise<void> {
  const confirms = accepted ? entry.risks.map(({ code }) => code) : [];
  const body = { decision: accepted ? "accepted" : "dismissed", reason, revision: entry.before?.properties.revision ?? null, confirms };
  await ask("POST", `/held/${entry.held?.number ?? 0}`, body);
}

export async function decide(decision: Verdict, reason: string | null, records: { id: string; revision: number }[]): Promise<Decided> {
  return (await ask("POST", "/review", { decision, reason, records })) as Decided;
}

/** Takes a decision back; says how many records stand as before. */
export async function undo(href: string): Promise<number> {
  return ((await ask("POST", href)) as { undone: number }).undone;
}

/** An upload that could not stand and that its sender cannot mend. */
export type RefusedUpload = components["schemas"]["refusedUpload"];

export interface RefusedPage {
  waiting: Counts;
  uploads: RefusedUpload[];
  next: number | null;
}

export async function refused(after: number, limit: number, signal?: AbortSignal): Promise<RefusedPage> {
  return (await ask("GET", `/refused?after=${after}&limit=${limit}`, undefined, signal)) as RefusedPage;
}

/** Takes an upload off the queue and keeps what was done about it. */
export async function settle(upload: string, reason: string): Promise<void> {
  await ask("POST", `/refused/${upload}`, { reason });
}

/** Where an upload is as it came. */
export function receivedUrl(upload: string): string {
  return `/uploads/${upload}/received`;
}

/** An upload as it came, as far as it is text; null when it is none. */
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

/** The answer holds the token itself, which is shown this once. */
export async function makeToken(wanted: WantedToken): Promise<Token & { token: string }> {
  return (await ask("POST", "/tokens", wanted)) as Token & { token: string };
}

export async function revokeToken(id: string): Promise<void> {
  await ask("DELETE", `/tokens/${encodeURIComponent(id)}`);
}

/** Every revision of a record, newest first. */
export async function history(id: string, signal?: AbortSignal): Promise<Revision[]> {
  return ((await ask("GET", `${recordUrl(id)}/history`, undefined, signal)) as { revisions: Revision[] }).revisions;
}
