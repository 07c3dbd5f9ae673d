/**
 * What the public is shown of uncleared items close up: areas of the size within which they lie, not marks that look
 * like places. A public cell is the tile of zoom 15 around it, at 40 degrees north about 940 m wide.
 */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT, FONT_STRONG, LEAVES, drawnLeaves, seen, type Drawing, type Leaf, type LayerModule } from "../../../map/layer.ts";

/** The zoom whose tiles are the public cells. */
export const COARSE_ZOOM = 15;
/** From this zoom on they are drawn at their real size. */
export const COARSE_FROM = 12;
const COUNT: ExpressionSpecification = ["number-format", ["coalesce", ["get", "quantity"], ["get", "records"], 1], { locale: "en" }];
/** A tile is so wide, in pixels, at its own zoom. */
const TILE_PX = 512;

/** Only what is uncleared comes so: a mark with something neutralised in it is a sum of records. */
export const IS_COARSE: ExpressionSpecification = ["all", [">", ["coalesce", ["get", "detected"], 0], 0], ["<=", ["coalesce", ["get", "neutralised"], 0], 0]];

/** What tells no more than that it lies somewhere in a district: it stands where the district's name does. */
export const IS_SOMEWHERE: ExpressionSpecification = ["has", "within"];
const HAS_AREA: ExpressionSpecification = ["all", IS_COARSE, ["!", IS_SOMEWHERE]];

/** The radius in pixels of the circle that holds a public cell with its corners, at a zoom of the map. */
export function coarseRadius(zoom: number): number {
  return TILE_PX * Math.SQRT1_2 * 2 ** (zoom - COARSE_ZOOM);
}

export const coarse: LayerModule = {
  zooms: [COARSE_FROM, 24],
  layers: (drawing) => (drawing.coarse ? drawnLeaves(drawing).map((leaf) => areas(drawing, leaf)) : []),
  legend: ({ palette }, { areas }) => (areas ? [{ shape: "area", colour: palette.coarse, line: palette.detected, label: "coarse" }] : []),
};

/** How many lie in each area: above the names, which the areas lie below. */
export const coarseCounts: LayerModule = {
  zooms: [0, 0],
  layers: (drawing) => (drawing.coarse ? drawnLeaves(drawing).map((leaf) => counts(drawing, leaf)) : []),
  legend: () => [],
};

/** What is told to lie somewhere in a district: above all marks, for it belongs to none of them. */
export const somewhere: LayerModule = {
  zooms: [0, 0],
  layers: (drawing) => (drawing.coarse ? drawnLeaves(drawing).map((leaf) => words(drawing, leaf)) : []),
  legend: () => [],
};

/** Opaque, so that areas which overlap do not look like more, and the colour is that of the legend. */
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
