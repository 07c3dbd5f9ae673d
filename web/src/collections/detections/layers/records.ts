/** Single records: a filled diamond is detected, a hollow circle is neutralised. Close up, a glyph shows the kind. */

import type { LayerSpecification } from "maplibre-gl";

import { LEAVES, drawnLeaves, seen, type Drawing, type Leaf, type LayerModule } from "../../../map/layer.ts";

/** The first zoom whose tiles contain single records. */
export const RECORDS_FROM = 11;
export const GLYPHS_FROM = 14;

export const records: LayerModule = {
  zooms: [RECORDS_FROM, 24],
  layers: (drawing) => drawnLeaves(drawing).map((leaf) => symbols(drawing, leaf)),
  legend: ({ palette }, { detected, neutralised }) => [
    ...(detected ? [{ shape: "diamond", colour: palette.detected, paper: palette.paper, label: "detected" } as const] : []),
    ...(neutralised ? [{ shape: "circle", colour: palette.neutralised, paper: palette.paper, label: "neutralised" } as const] : []),
  ],
};

function symbols(drawing: Drawing, leaf: Leaf): LayerSpecification {
  const { opacity, transition } = seen(leaf, drawing);
  const { source, suffix } = LEAVES[leaf];
  return {
    id: `records${suffix}`,
    type: "symbol",
    source,
    "source-layer": "detections",
    layout: {
      "icon-image": [
        "step", ["zoom"],
        ["concat", "record-", ["get", "status"]],
        GLYPHS_FROM, ["concat", "record-", ["get", "status"], "-", ["get", "kind"]],
      ],
      "icon-size": ["interpolate", ["exponential", 1.4], ["zoom"], 10, 0.38, 12, 0.48, 14, 0.68, 18, 1.15],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      // Draw items still in the ground above the others.
      "symbol-sort-key": ["case", ["==", ["get", "status"], "detected"], 1, 0],
    },
    paint: {
      "icon-opacity": opacity,
      "icon-opacity-transition": transition,
    },
  };
}
