/**
 * A record as the screens show it: how the server holds it, as far as this phone knows, and beside it what this phone
 * says that the server does not hold. Pure.
 */

import type { RecordFeature } from "./record.ts";
import { isTurnedDown } from "./store/settle.ts";
import type { Entry, Known, Told, Truth } from "./store/db.ts";

/** How the server holds a record. */
export interface Standing {
  /** Null: it was taken, and nothing was heard of it since. */
  state: Told["state"] | null;
  feature: RecordFeature;
  revision: number | null;
  /** When the server said so. */
  as_of: string | null;
  reason: string | null;
  by: string | null;
}

/** What somebody wants of a record and the server does not hold: not sent yet, aside for a manager, dismissed or refused. */
export interface Claim {
  where: "waiting" | "held" | "dismissed" | "withdrawn" | "refused";
  wanted: RecordFeature;
  reason: string | null;
  /** Null: it was sent from another phone. */
  entry: Entry | null;
}

export interface Shown {
  /** As the server holds it; where it has nothing, as it was taken here. */
  feature: RecordFeature;
  /** Null: the record is on this phone only. */
  server: Standing | null;
  /** The newest first. */
  claims: Claim[];
  /** The newest entry for it. */
  entry: Entry | null;
  /** The server's revision; null: it has none. */
  seen: number | null;
}

/** What is known of one record. `own`: the entries for it, the oldest first. */
export interface Evidence {
  own: readonly Entry[];
  truth?: Truth | undefined;
  known?: Known | undefined;
  /** When `known` was fetched. */
  fetched_at?: string | undefined;
}

export function shownOf(evidence: Evidence): Shown | null {
  const entry = evidence.own.at(-1) ?? null;
  const server = standingOf(evidence);
  const feature = server?.feature ?? entry?.feature;
  if (feature === undefined) return null;
  return { feature, server, claims: claimsOf(evidence), entry, seen: server?.revision ?? null };
}

/** The newest of all that the server has said: when asked by id, with its district, or when it took an entry. */
function standingOf({ own, truth, known, fetched_at }: Evidence): Standing | null {
  const said: Standing[] = [];
  if (truth?.told.feature !== undefined) said.push(standing(truth, truth.told.feature));
  if (known !== undefined) said.push({ state: reviewOf(known), feature: known.feature, revision: known.feature.properties.revision, as_of: fetched_at ?? null, reason: null, by: null });
  said.push(...own.filter(stood).map(({ feature, revision, answered_at }) => ({ state: null, feature, revision, as_of: answered_at, reason: null, by: null })));
  let newest: Standing | null = null;
  for (const each of said) if (newest === null || (each.revision ?? 0) > (newest.revision ?? 0)) newest = each;
  if (truth === undefined || truth.told.feature !== undefined) return newest;
  // It is deleted or not shown any more, unless something newer is known.
  // Of what was deleted before the server was asked, only what was wanted of it here is left to show.
  const wanted = truth.told.state === "deleted" ? own.at(-1)?.feature : undefined;
  const feature = truth.last ?? newest?.feature ?? wanted ?? null;
  const { revision } = truth.told;
  const isOver = newest === null || (revision === undefined ? (newest.as_of ?? "") < truth.as_of : (newest.revision ?? 0) <= revision);
  return feature !== null && isOver ? standing(truth, feature) : newest;
}

function standing({ told, as_of }: Truth, feature: RecordFeature): Standing {
  return { state: told.state, feature, revision: told.revision ?? null, as_of, reason: told.reason ?? null, by: told.updated_by ?? null };
}

function reviewOf({ feature }: Known): Told["state"] | null {
  return (feature.properties.review as Told["state"] | undefined) ?? null;
}

/** The server took its content, at this revision. */
export function stood(entry: Entry): boolean {
  const { state, revision } = entry;
  return revision !== null && (state === "sent" || state === "returned" || (state === "rejected" && !isTurnedDown(entry)));
}

function claimsOf({ own, truth }: Evidence): Claim[] {
  const here = own.flatMap((entry, i) => {
    const where = claimState(entry, i === own.length - 1);
    return where === null ? [] : [{ where, wanted: entry.feature, reason: entry.reason, entry }];
  });
  const elsewhere = (truth?.told.claims ?? [])
    .filter(({ decision, upload }) => decision === "pending" && !own.some((entry) => entry.upload === upload))
    .filter(() => !own.some(({ state, upload }) => state === "held" && upload == null))
    .map(({ feature, reason }): Claim => ({ where: "held", wanted: feature, reason: reason ?? null, entry: null }));
  return [...here.reverse(), ...elsewhere];
}

function claimState(entry: Entry, isNewest: boolean): Claim["where"] | null {
  const { state, decided } = entry;
  if (state === "waiting" || state === "held" || state === "refused") return state;
  if (!isNewest || !isTurnedDown(entry)) return null;
  return decided === "withdrawn" ? decided : "dismissed";
}

/** What a record is, for who goes there: nothing counts as dealt with unless the server holds it so, and lets it stand. */
export type Word = "detected" | "neutralised" | "discounted" | "rejected" | "deleted" | "hidden" | "here" | "aside";

export function wordOf({ server, claims }: Pick<Shown, "server" | "claims">): Word {
  if (server === null) return claims.some(({ where }) => where === "held") ? "aside" : "here";
  if (server.state === "deleted" || server.state === "rejected") return server.state;
  return server.state === "unknown" ? "hidden" : server.feature.properties.status;
}

/** What a claim wants, in a word. */
export type Wanted = "neutralised" | "discounted" | "detected" | "changed" | "new";

export function wantedOf({ wanted }: Claim, server: Standing | null): Wanted {
  const { status } = wanted.properties;
  if (server === null) return status === "neutralised" ? status : "new";
  return status === server.feature.properties.status ? "changed" : status;
}

/** What a change of the record begins with: what is not sent yet goes on, else what the server holds. */
export function basisOf({ server, entry }: Pick<Shown, "server" | "entry" | "feature">): RecordFeature | null {
  const isOpen = entry?.state === "waiting" || entry?.state === "refused";
  return isOpen || server === null ? (entry?.feature ?? null) : server.feature;
}

/** A manager has done away with it: nobody changes it from a phone, except by mending what was rejected. */
export function isOver(shown: Pick<Shown, "server" | "claims">): boolean {
  return ["rejected", "deleted", "hidden"].includes(wordOf(shown));
}
