/** Single records: a filled diamond is detected, a hollow circle is neutralised. Close up, a glyph shows the kind. */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import { AT_ZOOM, LEAVES, drawnLeaves, seen, type Drawing, type Leaf, type LayerModule } from "../../../map/layer.ts";

/** The first zoom whose tiles contain single records. */
export const RECORDS_FROM = 11;
export const GLYPHS_FROM = 14;

/** The width in pixels of a symbol's image. */
const IMAGE_PX = 26;
/** The size of a symbol as a factor of its image, by zoom; between two zooms it grows exponentially. */
const SIZES = [[10, 0.38], [12, 0.48], [14, 0.68], [18, 1.15]] as const;
const GROWTH = 1.4;

/** The width in pixels of a symbol at a zoom. */
export function symbolSize(zoom: number): number {
  const at = Math.max(SIZES[0][0], Math.min(SIZES[3][0], zoom));
  const [after = SIZES[3]] = SIZES.filter(([each]) => each >= at);
  const before = SIZES[SIZES.indexOf(after) - 1] ?? after;
  const width = after[0] - before[0];
  const part = width === 0 ? 0 : (GROWTH ** (at - before[0]) - 1) / (GROWTH ** width - 1);
  return IMAGE_PX * (before[1] + (after[1] - before[1]) * part);
}

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
    filter: AT_ZOOM,
    layout: {
      "icon-image": [
        "step", ["zoom"],
        ["concat", "record-", ["get", "status"]],
        GLYPHS_FROM, ["concat", "record-", ["get", "status"], "-", ["get", "kind"]],
      ],
      "icon-size": ["interpolate", ["exponential", GROWTH], ["zoom"], ...SIZES.flat()] as ExpressionSpecification,
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
