/** The actions of a history, as data: they can be printed, repeated and reduced. */

import { Random } from "./random.ts";

/**
 * The fate of a request. `lost`: it never arrives. `unanswered`: it arrives, but its response does not. `twice`: it arrives
 * two times. `late`: it arrives after the phone has given up.
 */
export type Fault = "none" | "lost" | "unanswered" | "twice" | "late";

/** `pick` selects one of the existing ones, as a fraction of their number. */
export type Action =
  | { do: "take"; phone: number; photo: boolean }
  /** `restate`: set back to detected, or discounted. `part`: some of its items are neutralised. */
  | { do: "correct" | "neutralise" | "restate" | "part" | "mend" | "discard" | "withdraw"; phone: number; pick: number }
  | { do: "learn"; phone: number }
  /** Sends over a network with these faults in turn; after `dies` requests the phone is off. */
  | { do: "send"; phone: number; faults: readonly Fault[]; dies: number | null }
  /** Delayed requests arrive. */
  | { do: "deliver" }
  | { do: "review"; pick: number; decision: "approved" | "has_issues" | "rejected" }
  | { do: "delete" | "move"; pick: number }
  | { do: "decide"; pick: number; decision: "accepted" | "dismissed" };

export interface History {
  /** Both phones belong to one team. */
  one_team: boolean;
  actions: readonly Action[];
}

export function generated(seed: number): History {
  const random = new Random(seed);
  const one_team = random.chance(0.4);
  const actions = Array.from({ length: 6 + random.below(14) }, () => action(random));
  return { one_team, actions };
}

function action(random: Random): Action {
  const phone = random.below(2);
  const pick = random.next();
  const which = random.next();
  if (which < 0.2) return { do: "take", phone, photo: random.chance(0.15) };
  if (which < 0.24) return { do: "correct", phone, pick };
  if (which < 0.3) return { do: "neutralise", phone, pick };
  if (which < 0.32) return { do: "restate", phone, pick };
  if (which < 0.35) return { do: "part", phone, pick };
  if (which < 0.36) return { do: "withdraw", phone, pick };
  if (which < 0.4) return { do: "mend", phone, pick };
  if (which < 0.43) return { do: "discard", phone, pick };
  if (which < 0.5) return { do: "learn", phone };
  if (which < 0.76) return { do: "send", phone, faults: faults(random), dies: random.chance(0.15) ? random.below(8) : null };
  if (which < 0.79) return { do: "deliver" };
  if (which < 0.88) return { do: "review", pick, decision: random.of(["approved", "has_issues", "rejected"]) };
  if (which < 0.9) return { do: "delete", pick };
  if (which < 0.93) return { do: "move", pick };
  return { do: "decide", pick, decision: random.of(["accepted", "dismissed"]) };
}

function faults(random: Random): Fault[] {
  const bad = random.of([0, 0, 0.15, 0.4, 1]);
  return Array.from({ length: bad === 0 ? 0 : 4 + random.below(16) }, () => (random.chance(bad) ? random.of(["lost", "unanswered", "twice", "late"]) : "none"));
}
