/**
 * A record as the screens show it: the server's state as far as this phone knows it, and beside it this phone's changes that
 * the server does not have. Pure.
 */

import type { RecordFeature } from "./record.ts";
import { isTurnedDown } from "./store/settle.ts";
import type { Entry, Known, Told, Truth } from "./store/db.ts";

/** The server's state of a record. */
export interface Standing {
  /** Null if it was accepted and nothing was heard of it since. */
  state: Told["state"] | null;
  feature: RecordFeature;
  revision: number | null;
  /** When the server reported it. */
  as_of: string | null;
  reason: string | null;
  by: string | null;
}

/** A change that the server does not have: not sent yet, held for a manager, dismissed or refused. */
export interface Claim {
  where: "waiting" | "held" | "dismissed" | "withdrawn" | "refused";
  wanted: RecordFeature;
  reason: string | null;
  /** Null if it was sent from another phone. */
  entry: Entry | null;
}

export interface Shown {
  /** The server's version; if absent, the version recorded here. */
  feature: RecordFeature;
  /** Null if the record is on this phone only. */
  server: Standing | null;
  /** Newest first. */
  claims: Claim[];
  /** The newest entry for it. */
  entry: Entry | null;
  /** The server's revision; null if absent. */
  seen: number | null;
}

/** Combines what is known of one record. `own`: the entries for it, oldest first. */
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

/** The newest state received from the server: by id, with the district, or on accepting an entry. */
function standingOf({ own, truth, known, fetched_at }: Evidence): Standing | null {
  const said: Standing[] = [];
  if (truth?.told.feature !== undefined) said.push(standing(truth, truth.told.feature));
  if (known !== undefined) said.push({ state: reviewOf(known), feature: known.feature, revision: known.feature.properties.revision, as_of: fetched_at ?? null, reason: null, by: null });
  said.push(...own.filter(stood).map(({ feature, revision, answered_at }) => ({ state: null, feature, revision, as_of: answered_at, reason: null, by: null })));
  let newest: Standing | null = null;
  for (const each of said) if (newest === null || (each.revision ?? 0) > (newest.revision ?? 0)) newest = each;
  if (truth === undefined || truth.told.feature !== undefined) return newest;
  // It is deleted or no longer shown, unless something newer is known.
  // For a record deleted before the server was asked, only this phone's own change is left to show.
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

/** The server accepted its content, at this revision. */
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

/** The status that matters to someone going there: nothing counts as neutralised unless the server has it so and did not reject it. */
export type Word = "detected" | "neutralised" | "discounted" | "rejected" | "deleted" | "hidden" | "here" | "aside";

export function wordOf({ server, claims }: Pick<Shown, "server" | "claims">): Word {
  if (server === null) return claims.some(({ where }) => where === "held") ? "aside" : "here";
  if (server.state === "deleted" || server.state === "rejected") return server.state;
  return server.state === "unknown" ? "hidden" : server.feature.properties.status;
}

/** The claim's change, in one word. */
export type Wanted = "neutralised" | "discounted" | "detected" | "changed" | "new";

export function wantedOf({ wanted }: Claim, server: Standing | null): Wanted {
  const { status } = wanted.properties;
  if (server === null) return status === "neutralised" ? status : "new";
  return status === server.feature.properties.status ? "changed" : status;
}

/** The version that a change starts from: the unsent entry, or else the server's version. */
export function basisOf({ server, entry }: Pick<Shown, "server" | "entry" | "feature">): RecordFeature | null {
  const isOpen = entry?.state === "waiting" || entry?.state === "refused";
  return isOpen || server === null ? (entry?.feature ?? null) : server.feature;
}

/** A manager has removed it: a phone can only change it by correcting a rejected entry. */
export function isOver(shown: Pick<Shown, "server" | "claims">): boolean {
  return ["rejected", "deleted", "hidden"].includes(wordOf(shown));
}
