/** Histories that failed once, reduced. */

import type { History } from "./actions.ts";

export const KEPT: Readonly<Record<string, History>> = {
  "what was sent back and then deleted is not to be corrected any more": {
    one_team: true,
    actions: [
      { do: "take", phone: 0, photo: false },
      { do: "send", phone: 0, faults: [], dies: null },
      { do: "review", pick: 0, decision: "has_issues" },
      { do: "send", phone: 0, faults: [], dies: null },
      { do: "delete", pick: 0 },
    ],
  },
  "what was deleted before its neutralisation arrived is shown as deleted": {
    one_team: true,
    actions: [
      { do: "take", phone: 1, photo: false },
      { do: "send", phone: 1, faults: [], dies: null },
      { do: "learn", phone: 0 },
      { do: "neutralise", phone: 0, pick: 0.5 },
      { do: "delete", pick: 0 },
      { do: "learn", phone: 0 },
    ],
  },
};
