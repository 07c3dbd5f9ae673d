/** What others changed in a record since someone on this phone last looked at it. Pure. */

import { FIELDS } from "../collections/detections/fields.ts";
import { metresBetween } from "./position/bearing.ts";
import type { LonLat } from "../shared/api/types.ts";
import type { RecordFeature } from "./record.ts";
import { isTurnedDown } from "./store/settle.ts";
import type { Entry, Told, ToldClaim, Truth } from "./store/db.ts";

/** Most serious first. `hidden`: the server no longer shows the record. */
export const CHANGES = ["deleted", "moved", "hidden", "rejected", "dismissed", "returned", "changed", "accepted"] as const;
export type Change = (typeof CHANGES)[number];

export interface News {
  /** The record as last known; null if never received. */
  feature: RecordFeature | null;
  changes: Change[];
  /** Its previous place, and the distance from there to its present one. */
  moved: { from: LonLat; metres: number } | null;
  /** The fields whose values differ now. */
  fields: string[];
  /** The reason, in the words of the author of the change. */
  reason: string | null;
  by: string | null;
}

/** A larger distance is a move: the server stores positions to a centimetre. */
const MOVED_M = 1;

/** A new positioning method is news only if the position changed too. */
const OF_POSITION = new Set(["accuracy_m", "fix"]);
const COMPARED = FIELDS.filter(({ name, role }) => (role === "required" || role === "given") && !OF_POSITION.has(name)).map(({ name }) => name);

/** Values that the server adds to a record sent without them. */
const FILLED_IN = new Set<string>(["operator", "team", "source_reliability"]);

/** A record as last known here. */
interface Before {
  state: Told["state"];
  feature: RecordFeature | null;
  /** Null if it is no longer known, and older than the state now received. */
  revision: number | null;
  isOwn: boolean;
}

/** `own`: the entries for it, oldest first. `known`: the record as downloaded with its district. */
export function newsOf(truth: Truth, own: readonly Entry[], known: RecordFeature | undefined): News | null {
  const { told } = truth;
  const decided = told.claims.filter((claim) => isNews(claim, truth.looked));
  const accepted = decided.filter(({ decision }) => decision === "accepted").at(-1);
  const before = beforeOf(truth, own, known, accepted);
  if (before === null && decided.length === 0) return null;
  const changes = new Set<Change>();
  for (const { decision } of decided) changes.add(decision === "accepted" ? "accepted" : "dismissed");
  const isOther = before !== null && (told.revision === undefined || before.revision === null || told.revision > before.revision);
  const state = isOther && told.state !== before.state ? NAMED[told.state] : undefined;
  if (state !== undefined) changes.add(state);
  const [was, is] = isOther ? [before.feature, told.feature] : [];
  const moved = was == null || is === undefined ? null : movedFrom(was.geometry.coordinates, is.geometry.coordinates);
  if (moved !== null) changes.add("moved");
  const fields = was == null || is === undefined ? [] : differing(was, is, before?.isOwn === true);
  if (fields.length > 0) changes.add("changed");
  if (changes.size === 0) return null;
  const reason = (changes.has("dismissed") ? decided.find(({ decision }) => decision === "dismissed")?.reason : told.reason) ?? null;
  const feature = told.feature ?? truth.last ?? before?.feature ?? null;
  return { feature, changes: CHANGES.filter((each) => changes.has(each)), moved, fields, reason, by: told.updated_by ?? null };
}

const NAMED: Partial<Record<Told["state"], Change>> = { deleted: "deleted", unknown: "hidden", rejected: "rejected", has_issues: "returned" };

function isNews({ upload, decision }: ToldClaim, looked: Told | null): boolean {
  if (decision !== "accepted" && decision !== "dismissed") return false;
  return looked?.claims.some((seen) => seen.upload === upload && seen.decision === decision) !== true;
}

function beforeOf({ looked, looked_at }: Truth, own: readonly Entry[], known: RecordFeature | undefined, accepted: ToldClaim | undefined): Before | null {
  if (accepted !== undefined) return { state: "submitted", feature: accepted.feature, revision: null, isOwn: true };
  const newest = own.filter((each) => each.state === "sent" || each.state === "returned" || (each.state === "rejected" && !isTurnedDown(each))).at(-1);
  const isSinceLook = newest !== undefined && (looked_at === null || (newest.answered_at ?? "") > looked_at);
  if (newest !== undefined && isSinceLook) {
    // A review gave the entry a revision: the content is that of the revision before it.
    return { state: "submitted", feature: newest.feature, revision: newest.state === "sent" && newest.decided == null ? newest.revision : null, isOwn: true };
  }
  if (looked !== null) return { state: looked.state, feature: looked.feature ?? null, revision: looked.revision ?? null, isOwn: false };
  if (known === undefined) return null;
  const { review = "submitted", revision = null } = known.properties as { review?: Told["state"]; revision?: number };
  return { state: review, feature: known, revision, isOwn: false };
}

function movedFrom(from: LonLat, to: LonLat): News["moved"] {
  const metres = metresBetween(from, to);
  return metres > MOVED_M ? { from, metres } : null;
}

/** The names of the fields that differ between two versions of a record. */
export function differing({ properties: was }: RecordFeature, { properties: is }: RecordFeature, isOwn: boolean): string[] {
  return COMPARED.filter((name) => {
    if (isOwn && FILLED_IN.has(name) && was[name] === undefined) return false;
    return JSON.stringify(was[name] ?? null) !== JSON.stringify(is[name] ?? null);
  });
}
