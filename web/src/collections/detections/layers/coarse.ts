/**
 * Uncleared items as the public sees them close up: areas of the size within which the items are, not marks that look like
 * exact places. A public cell is the zoom-15 tile around the item, about 940 m wide at 40 degrees north.
 */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT, FONT_STRONG, LEAVES, drawnLeaves, seen, type Drawing, type Leaf, type LayerModule } from "../../../map/layer.ts";

/** The zoom whose tiles are the public cells. */
export const COARSE_ZOOM = 15;
/** Cells are drawn at their real size from this zoom on. */
export const COARSE_FROM = 12;
const COUNT: ExpressionSpecification = ["number-format", ["coalesce", ["get", "quantity"], ["get", "records"], 1], { locale: "en" }];
/** The width of a tile in pixels at its own zoom. */
const TILE_PX = 512;

/** Only uncleared items are coarse: a mark that includes neutralised items is a sum of records. */
export const IS_COARSE: ExpressionSpecification = ["all", [">", ["coalesce", ["get", "detected"], 0], 0], ["<=", ["coalesce", ["get", "neutralised"], 0], 0]];

/** Items known only to be somewhere in a district; drawn at the district's label. */
export const IS_SOMEWHERE: ExpressionSpecification = ["has", "within"];
const HAS_AREA: ExpressionSpecification = ["all", IS_COARSE, ["!", IS_SOMEWHERE]];

/** The radius in pixels of the circle around a public cell, corners included, at a zoom of the map. */
export function coarseRadius(zoom: number): number {
  return TILE_PX * Math.SQRT1_2 * 2 ** (zoom - COARSE_ZOOM);
}

export const coarse: LayerModule = {
  zooms: [COARSE_FROM, 24],
  layers: (drawing) => (drawing.coarse ? drawnLeaves(drawing).map((leaf) => areas(drawing, leaf)) : []),
  legend: ({ palette }, { areas }) => (areas ? [{ shape: "area", colour: palette.coarse, line: palette.detected, label: "coarse" }] : []),
};

/** The number of items in each area: above the names, which are above the areas. */
export const coarseCounts: LayerModule = {
  zooms: [0, 0],
  layers: (drawing) => (drawing.coarse ? drawnLeaves(drawing).map((leaf) => counts(drawing, leaf)) : []),
  legend: () => [],
};

/** Items somewhere in a district: above all marks, because they belong to none of them. */
export const somewhere: LayerModule = {
  zooms: [0, 0],
  layers: (drawing) => (drawing.coarse ? drawnLeaves(drawing).map((leaf) => words(drawing, leaf)) : []),
  legend: () => [],
};

/** Opaque, so that overlapping areas do not look like more items and the colour matches the legend. */
function areas(drawing: Drawing, leaf: Leaf): LayerSpecification {
  const { opacity, transition } = seen(leaf, drawing);
  const { source, suffix } = LEAVES[leaf];
  return {
    id: `coarse${suffix}`,
    type: "circle",
    source,
    "source-layer": "cells",
    minzoom: COARSE_FROM,
    filter: HAS_AREA,
    paint: {
      "circle-radius": ["interpolate", ["exponential", 2], ["zoom"], COARSE_FROM - 1, coarseRadius(COARSE_FROM - 1), 20, coarseRadius(20)],
      "circle-color": drawing.palette.coarse,
      "circle-opacity": opacity,
      "circle-opacity-transition": transition,
      "circle-stroke-color": drawing.palette.detected,
      "circle-stroke-width": 1,
      "circle-stroke-opacity": opacity,
      "circle-stroke-opacity-transition": transition,
    },
  };
}

function counts(drawing: Drawing, leaf: Leaf): LayerSpecification {
  const { opacity, transition } = seen(leaf, drawing);
  const { source, suffix } = LEAVES[leaf];
  return {
    id: `coarse-count${suffix}`,
    type: "symbol",
    source,
    "source-layer": "cells",
    minzoom: COARSE_FROM,
    filter: HAS_AREA,
    layout: {
      "text-field": COUNT,
      "text-font": FONT_STRONG,
      "text-size": ["interpolate", ["linear"], ["zoom"], COARSE_FROM, 12, 15, 20],
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: {
      "text-color": drawing.palette.ink,
      "text-halo-color": drawing.palette.halo,
      "text-halo-width": 1.4,
      // At the upper edge, clear of the marks of cleared items inside.
      "text-translate": ["interpolate", ["exponential", 2], ["zoom"], COARSE_FROM - 1, ["literal", [0, -0.78 * coarseRadius(COARSE_FROM - 1)]], 14, ["literal", [0, -0.78 * coarseRadius(14)]]],
      "text-opacity": opacity,
      "text-opacity-transition": transition,
    },
  };
}

function words(drawing: Drawing, leaf: Leaf): LayerSpecification {
  const { opacity, transition } = seen(leaf, drawing);
  const { source, suffix } = LEAVES[leaf];
  return {
    id: `somewhere${suffix}`,
    type: "symbol",
    source,
    "source-layer": "cells",
    minzoom: CELLS_FROM,
    filter: IS_SOMEWHERE,
    layout: {
      "text-field": ["format", COUNT, {}, "\n", {}, drawing.somewhere ?? "", { "font-scale": 0.8, "text-font": ["literal", FONT] }],
      "text-font": FONT_STRONG,
      "text-size": ["interpolate", ["linear"], ["zoom"], CELLS_FROM, 12, 13, 15],
      "text-anchor": "top",
      "text-offset": [0, 0.7],
      "text-max-width": 9,
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: {
      "text-color": drawing.palette.ink,
      "text-halo-color": drawing.palette.halo,
      "text-halo-width": 1.8,
      "text-opacity": opacity,
      "text-opacity-transition": transition,
    },
  };
}
