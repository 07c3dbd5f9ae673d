/** Reduces a failing history as long as it still fails. */

import type { Action, History } from "./actions.ts";

export async function reduced(history: History, fails: (history: History) => Promise<boolean>): Promise<History> {
  let best = history;
  for (let found = true; found; ) {
    found = false;
    for (const shorter of variants(best)) {
      if (!(await fails(shorter))) continue;
      best = shorter;
      found = true;
      break;
    }
  }
  return best;
}

/** The history with parts removed: large pieces first. */
function* variants({ one_team, actions }: History): Generator<History> {
  for (let size = Math.ceil(actions.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < actions.length; at += size) yield { one_team, actions: [...actions.slice(0, at), ...actions.slice(at + size)] };
  }
  for (const [at, action] of actions.entries()) for (const simpler of simplerThan(action)) yield { one_team, actions: actions.with(at, simpler) };
  if (!one_team) yield { one_team: true, actions };
}

function* simplerThan(action: Action): Generator<Action> {
  if (action.do === "take" && action.photo) yield { ...action, photo: false };
  if (action.do !== "send") return;
  if (action.dies !== null) yield { ...action, dies: null };
  if (action.faults.length > 0) yield { ...action, faults: [] };
  for (const [at, fault] of action.faults.entries()) if (fault !== "none") yield { ...action, faults: action.faults.with(at, "none") };
}
