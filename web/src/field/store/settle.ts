/** What becomes of an entry by what the server says about its record. Pure. */

import type { Entry, Told, ToldClaim } from "./db.ts";
import { sameRecord } from "../record.ts";

/** The server's word about what this entry wanted. Entries from before uploads were kept are known by their content. */
export function claimOf(entry: Entry, { claims }: Told): ToldClaim | undefined {
  if (typeof entry.upload === "string") return claims.find(({ upload }) => upload === entry.upload);
  return claims.find(({ feature }) => sameRecord(feature, entry.feature));
}

/** The entry as it stands now; null: as before. `isNewest`: no other entry for the record was made after it. */
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

/** What it wanted was set aside and not put in its place: nothing of it stands on the server. */
export function isTurnedDown({ state, decided }: Pick<Entry, "state" | "decided">): boolean {
  return state === "rejected" && (decided === "dismissed" || decided === "withdrawn");
}

/** What managers think of a record, in the queue's words. */
function stateOf({ state }: Told): "sent" | "returned" | "rejected" | null {
  if (state === "has_issues") return "returned";
  // Of what is deleted nothing is to be corrected any more; that it is deleted shows at its record.
  if (state === "submitted" || state === "approved" || state === "deleted") return "sent";
  return state === "rejected" ? "rejected" : null;
}

/** A manager has sent it back or rejected it, or has let it stand after all: once for each revision. */
function reviewed(entry: Entry, told: Told): Entry | null {
  const { state: now, revision: known } = entry;
  const state = stateOf(told);
  const answered = now === "sent" || now === "returned" || (now === "rejected" && !isTurnedDown(entry));
  if (!answered || known === null || told.revision === undefined || told.revision <= known) return null;
  if (state === null || state === now) return state === null || state === "sent" ? null : { ...entry, revision: told.revision, reason: told.reason ?? null };
  return { ...entry, state, revision: told.revision, reason: state === "sent" ? null : (told.reason ?? null) };
}
