/** Updates an entry from the server's state of its record. Pure. */

import type { Entry, Told, ToldClaim } from "./db.ts";
import { sameRecord } from "../record.ts";

/** The server's decision on this entry. Entries from before uploads were stored are matched by content. */
export function claimOf(entry: Entry, { claims }: Told): ToldClaim | undefined {
  if (typeof entry.upload === "string") return claims.find(({ upload }) => upload === entry.upload);
  return claims.find(({ feature }) => sameRecord(feature, entry.feature));
}

/** The updated entry; null if unchanged. `isNewest`: no later entry for the record exists. */
export function settled(entry: Entry, told: Told, isNewest: boolean): Entry | null {
  if (entry.state === "held") return decided(entry, told);
  return isNewest ? reviewed(entry, told) : null;
}

function decided(entry: Entry, told: Told): Entry | null {
  const claim = claimOf(entry, told);
  const reason = claim?.reason ?? null;
  const revision = told.revision ?? null;
  if (claim?.decision === "dismissed" || claim?.decision === "withdrawn") return { ...entry, state: "rejected", decided: claim.decision, revision, reason };
  if (claim?.decision === "accepted" && revision !== null) return { ...entry, state: "sent", decided: "accepted", revision, reason };
  return null;
}

/** Its change was held and not accepted: nothing of it is in the record. */
export function isTurnedDown({ state, decided }: Pick<Entry, "state" | "decided">): boolean {
  return state === "rejected" && (decided === "dismissed" || decided === "withdrawn");
}

/** The review states in the queue's terms. */
function stateOf({ state }: Told): "sent" | "returned" | "rejected" | null {
  if (state === "has_issues") return "returned";
  // A deleted record needs no correction; its deletion is shown with the record.
  if (state === "submitted" || state === "approved" || state === "deleted") return "sent";
  return state === "rejected" ? "rejected" : null;
}

/** A manager returned, rejected or finally approved it: handled once per revision. */
function reviewed(entry: Entry, told: Told): Entry | null {
  const { state: now, revision: known } = entry;
  const state = stateOf(told);
  const answered = now === "sent" || now === "returned" || (now === "rejected" && !isTurnedDown(entry));
  if (!answered || known === null || told.revision === undefined || told.revision <= known) return null;
  if (state === null || state === now) return state === null || state === "sent" ? null : { ...entry, revision: told.revision, reason: told.reason ?? null };
  return { ...entry, state, revision: told.revision, reason: state === "sent" ? null : (told.reason ?? null) };
}
