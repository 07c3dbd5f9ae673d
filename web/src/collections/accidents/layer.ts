/** Accidents on the map: one symbol each, at every zoom. The tiles hold all of them; the layer selects the days. */

import type { LayerModule } from "../../map/layer.ts";
import { OUTCOME, OUTCOMES } from "./outcome.ts";

/** The deepest tiles that are requested: a point is exact to 2 m in them. */
export const ACCIDENTS_DEEPEST = 12;

export const accidents: LayerModule = {
  zooms: [0, 24],
  layers: ({ accidents: days }) => {
    if (days == null) return [];
    return [
      {
        id: "accidents",
        type: "symbol",
        source: "accidents",
        "source-layer": "accidents",
        filter: ["all", [">=", ["get", "occurred_on"], days.from ?? ""], ["<=", ["get", "occurred_on"], days.to ?? "9999-12-31"]],
        layout: {
          "icon-image": ["concat", "accident-", OUTCOME],
          "icon-size": ["interpolate", ["linear"], ["zoom"], 6, 0.2, 8, 0.32, 10, 0.55, 14, 0.85, 18, 1.1],
          "icon-allow-overlap": true,
          "icon-ignore-placement": true,
          // Draw the worst above the others.
          "symbol-sort-key": ["match", OUTCOME, "killed", 2, "injured", 1, 0],
        },
      },
    ];
  },
  legend: ({ accidents: days }, marks) => {
    const outcomes = days == null ? [] : OUTCOMES.filter((outcome) => marks.accidents.includes(outcome));
    return outcomes.map((outcome) => ({ shape: "accident", outcome, label: `accident-${outcome}` }));
  },
};
