/**
 * Many records in one mark: a circle whose area is proportional to its items, with a ring split into detected and
 * neutralised. Drawn from a few generated images, so thousands of marks cost no more than thousands of icons.
 */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";

import { KINDS, type Kind } from "../../../shared/api/types.ts";
import { AT_ZOOM, CELLS_FROM, FONT_STRONG, LEAVES, drawnLeaves, seen, type Drawing, type Leaf, type LayerModule } from "../../../map/layer.ts";
import type { Palette } from "../../../map/palette.ts";
import { COARSE_FROM, IS_COARSE, IS_SOMEWHERE } from "./coarse.ts";

/** Radius in pixels of a ring of `fullRing` items. */
export const FULL_RADIUS = 24;
/** The minimum radius: about that of the symbol of a record, into which the ring of a single one turns. */
export const LEAST_RADIUS = 6;
/** The number of segments of the ring. */
export const PARTS = 16;
/** The radii at which the two sets of images are drawn; the map switches sets between them. */
export const RING_RADIUS = { small: 10, large: 24 } as const;
const SMALL_UP_TO = 11;

/** The number of neutralised sixteenths. Each status that is present gets at least one. */
export function neutralisedParts(detected: number, neutralised: number): number {
  if (detected <= 0) return PARTS;
  if (neutralised <= 0) return 0;
  return Math.max(1, Math.min(PARTS - 1, Math.round((PARTS * neutralised) / (detected + neutralised))));
}

export function ringRadius(items: number, fullRing: number): number {
  return Math.max(LEAST_RADIUS, FULL_RADIUS * Math.sqrt(Math.min(1, items / fullRing)));
}

const items: ExpressionSpecification = ["coalesce", ["get", "quantity"], ["get", "records"], 1];

function parts(): ExpressionSpecification {
  const [detected, neutralised]: ExpressionSpecification[] = [
    ["coalesce", ["get", "detected"], 0],
    ["coalesce", ["get", "neutralised"], 0],
  ];
  return [
    "case",
    ["<=", detected ?? 0, 0], PARTS,
    ["<=", neutralised ?? 0, 0], 0,
    ["max", 1, ["min", PARTS - 1, ["round", ["/", ["*", PARTS, neutralised ?? 0], ["+", detected ?? 0, neutralised ?? 0]]]]],
  ];
}

function sizes(fullRing: number, palette: Palette): { detected: string; neutralised: string; paper: string; sizes: { items: number; radius: number }[] } {
  const shown = [fullRing, fullRing / 5, fullRing / 20].map((n) => Math.max(1, Math.round(n)));
  return {
    detected: palette.detected,
    neutralised: palette.neutralised,
    paper: palette.paper,
    sizes: [...new Set(shown)].map((n) => ({ items: n, radius: ringRadius(n, fullRing) })),
  };
}

export const cells: LayerModule = {
  zooms: [CELLS_FROM, 24],
  layers: (drawing) => {
    const { fullRing } = drawing;
    const radius: ExpressionSpecification = [
      "max", LEAST_RADIUS, ["*", FULL_RADIUS, ["sqrt", ["min", 1, ["/", items, fullRing]]]],
    ];
    return drawnLeaves(drawing).map((leaf) => rings(drawing, leaf, radius));
  },
  legend: ({ palette, fullRing }, { rings }) => (rings ? [{ shape: "rings", ...sizes(fullRing, palette), label: "cells" }] : []),
};

export interface KindItems {
  kind: Kind;
  items: number;
}

/** The counts per kind in a cell, largest first; empty if the cell has none. */
export function kindsOf(properties: Readonly<Record<string, unknown>>): KindItems[] {
  return KINDS.map((kind) => ({ kind, items: Number(properties[kind] ?? 0) }))
    .filter(({ items }) => items > 0)
    .sort((a, b) => b.items - a.items);
}

function rings(drawing: Drawing, leaf: Leaf, radius: ExpressionSpecification): LayerSpecification {
  const { opacity, transition } = seen(leaf, drawing);
  const seenAt: number | ExpressionSpecification = drawing.coarse ? ["step", ["zoom"], opacity, COARSE_FROM, ["case", IS_COARSE, 0, opacity]] : opacity;
  const { source, suffix } = LEAVES[leaf];
  return {
    id: `cells${suffix}`,
    type: "symbol",
    source,
    "source-layer": "cells",
    minzoom: CELLS_FROM,
    filter: ["all", ["!", IS_SOMEWHERE], AT_ZOOM] as FilterSpecification,
    layout: {
      "icon-image": ["concat", ["step", radius, "ring-small-", SMALL_UP_TO, "ring-large-"], ["to-string", parts()]],
      "icon-size": ["step", radius, ["/", radius, RING_RADIUS.small], SMALL_UP_TO, ["/", radius, RING_RADIUS.large]],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      // The number goes inside the ring, if it fits.
      "text-field": ["case", [">=", radius, ["step", items, 10.5, 10, 11.5, 100, 15, 1000, 19, 10000, 24]], ["number-format", items, { locale: "en" }], ""],
      "text-font": FONT_STRONG,
      "text-size": ["step", radius, 9.5, 13, 11, 18, 12],
      // Of overlapping rings, only the fullest shows its number: two in one place would be unreadable.
      "text-optional": true,
      "text-padding": 0,
      "symbol-sort-key": ["-", 0, items],
    },
    paint: {
      "icon-opacity": seenAt,
      "icon-opacity-transition": transition,
      "text-opacity": seenAt,
      "text-opacity-transition": transition,
      "text-color": drawing.palette.ink,
      // A smaller ring can cover the number.
      "text-halo-color": drawing.palette.paper,
      "text-halo-width": 1.6,
    },
  };
}
