/**
 * Many records in one mark: a circle whose area is in proportion to the items in it, its ring split into detected and
 * neutralised. Drawn from a few generated images, so that thousands cost no more than thousands of icons.
 */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import { KINDS, type Kind } from "../../../shared/api/types.ts";
import { CELLS_FROM, FONT_STRONG, LEAVES, drawnLeaves, seen, type Drawing, type Leaf, type LayerModule } from "../../../map/layer.ts";
import type { Palette } from "../../../map/palette.ts";
import { COARSE_FROM, IS_COARSE, IS_SOMEWHERE } from "./coarse.ts";

/** Radius in pixels of a ring of `fullRing` items. */
export const FULL_RADIUS = 24;
/** No ring is drawn smaller: a single item must be seen. */
export const LEAST_RADIUS = 4;
/** The ring is drawn in this many parts. */
export const PARTS = 16;
/** The radius at which the two sets of images are drawn; between them lies the step from one to the other. */
export const RING_RADIUS = { small: 10, large: 24 } as const;
const SMALL_UP_TO = 11;

/** How many sixteenths are neutralised; what is there at all always gets at least one. */
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

/** What a cell says of each kind in it, the most first; nothing when it does not say. */
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
    filter: ["!", IS_SOMEWHERE],
    layout: {
      "icon-image": ["concat", ["step", radius, "ring-small-", SMALL_UP_TO, "ring-large-"], ["to-string", parts()]],
      "icon-size": ["step", radius, ["/", radius, RING_RADIUS.small], SMALL_UP_TO, ["/", radius, RING_RADIUS.large]],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      // The number stands inside the ring, where it fits.
      "text-field": ["case", [">=", radius, ["step", items, 10.5, 10, 11.5, 100, 15, 1000, 19, 10000, 24]], ["number-format", items, { locale: "en" }], ""],
      "text-font": FONT_STRONG,
      "text-size": ["step", radius, 9.5, 13, 11, 18, 12],
      // Of rings that lie upon each other only the fullest says its number: two in one place could not be read.
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
      // A smaller ring can lie upon the number.
      "text-halo-color": drawing.palette.paper,
      "text-halo-width": 1.6,
    },
  };
}
