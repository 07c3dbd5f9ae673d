/** The keys of the texts for signed-in users, which every language fills. */

import type { Aside, PublicSees, QueueName, RefusedUpload, Risk, Role, Verdict } from "../../api/access.ts";
import type { Disposal, Fix } from "../../api/types.ts";
import type { ProblemTexts } from "../problems.ts";

/** The texts of the review that each collection has for itself. */
export interface ReviewTexts {
  /** Ready-made reasons. */
  reasons: Record<"has_issues" | "rejected", readonly string[]>;
  nearNone: string;
}

export interface AccessTexts extends ReviewTexts {
  signIn: string;
  signOut: string;
  signInHint: string;
  signInElsewhere: string;
  signInOr: string;
  token: string;
  cancel: string;
  signInWrong: string;
  signInUnreachable: string;
  failed: (detail: string) => string;
  account: string;
  roles: Record<Role, string>;
  everywhere: string;
  regions: string;
  sees: Record<PublicSees, string>;
  /** The name of the note that says what the reader sees. */
  seesName: string;
  seesAll: string;
  waiting: (n: string) => string;
  closed: string;
  cellHeading: (items: string, n: number) => string;
  cellWide: string;
  cellNoNearer: string;
  /** A short label under a count on the map. */
  somewhere: string;
  somewhereHeading: (items: string, n: number) => string;
  somewhereIn: (district: string) => string;
  somewhereOutside: string;
  somewhereWhy: (fewest: string) => string;
  seesFewest: (fewest: string) => string;
  fieldPage: string;
  review: string;
  detections: string;
  queueEmpty: string;
  queueDone: (n: string) => string;
  queueLoading: string;
  queueLeft: (left: string) => string;
  states: Record<QueueName, string>;
  /** Refused uploads, by channel. */
  doors: Record<RefusedUpload["door"], string>;
  /** Problems of a record; the server's own text is shown for missing ones. */
  problems: Readonly<Partial<ProblemTexts>>;
  wrongHere: string;
  whatCame: string;
  whatCameBinary: string;
  download: string;
  settleHint: string;
  settleHow: string;
  settle: string;
  state: string;
  region: string;
  allRegions: string;
  selectAll: string;
  select: (what: string) => string;
  selected: (n: string) => string;
  verdicts: Record<Verdict, string>;
  reasonFor: Record<"has_issues" | "rejected", (n: string) => string>;
  reason: string;
  reasonNeeded: string;
  accept: string;
  replaceApproved: string;
  /** What to check before accepting a held record; arguments: field names, and metres. */
  risks: Record<Risk["code"], (fields: string, metres: string) => string>;
  risksTitle: string;
  confirmApprove: (n: string) => string;
  confirmAccept: (n: string) => string;
  withNear: (n: string) => string;
  oneByOne: (n: string) => string;
  leftOut: (n: string) => string;
  did: Record<Verdict, (n: string) => string>;
  undo: string;
  undone: (n: string) => string;
  dismiss: string;
  dismissFor: (n: string) => string;
  aside: Record<Aside, string>;
  notThere: string;
  wouldChange: string;
  standsState: string;
  sentState: string;
  photos: string;
  photoOf: string;
  photoNowhere: string;
  photoMissing: string;
  photoAway: (metres: string) => string;
  nextPage: string;
  keys: string;
  keyHelp: readonly (readonly [keys: string, what: string])[];
  newRecord: string;
  changedSince: string;
  unchanged: string;
  field: string;
  approvedState: string;
  nowState: string;
  sentBy: (who: string, when: string) => string;
  because: (reason: string) => string;
  near: string;
  nearLine: (metres: string, days: number) => string;
  moved: string;
  fields: Partial<Record<string, string>>;
  disposals: Record<Disposal, string>;
  /** How a position was determined. */
  fixes: Record<Fix, string>;
  refused: (n: string, why: string) => string;
  mapOf: string;
  backToMap: string;
  history: string;
  historyMade: string;
  historyChanged: string;
  historyDeleted: string;
  historyReviewed: string;
  historyNothing: string;
  tokens: string;
  tokensHint: string;
  tokenName: string;
  tokenRole: string;
  tokenOperator: string;
  tokenDays: string;
  makeToken: string;
  tokenMade: string;
  copy: string;
  copied: string;
  revoke: string;
  revokeQuestion: (name: string) => string;
  revoked: string;
  expired: string;
  good: (until: string) => string;
  noEnd: string;
  regionsNeeded: string;
}
