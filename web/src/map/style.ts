/** Composes the whole map: its modules, their order and their sources. */

import type { SourceSpecification, StyleSpecification } from "maplibre-gl";

import { CELLS_FROM, LEAVES, drawnLeaves, type Drawing, type LayerModule } from "./layer.ts";
import { ACCIDENTS_DEEPEST, accidents } from "../collections/accidents/layer.ts";
import { aroundNames, basemap, surroundings } from "./layers/basemap.ts";
import { cells } from "../collections/detections/layers/cells.ts";
import { COARSE_ZOOM, coarse, coarseCounts, somewhere } from "../collections/detections/layers/coarse.ts";
import { districts } from "./layers/districts.ts";
import { land } from "./layers/land.ts";
import { labels } from "./layers/labels.ts";
import { outlines } from "./layers/outlines.ts";
import { places } from "./layers/places.ts";
import { water, waterNames } from "./layers/water.ts";
import { records } from "../collections/detections/layers/records.ts";
import { marksUrl } from "../collections/detections/marks/address.ts";

/** Everything that lies below an operator's base map. */
const GROUND: readonly LayerModule[] = [basemap, land, water];
/** Names that an operator's base map has itself. */
const NAMES: readonly LayerModule[] = [aroundNames, waterNames, places];

/** From bottom to top. */
export const MODULES: readonly LayerModule[] = [...GROUND, districts, coarse, outlines, ...NAMES, labels, coarseCounts, cells, records, somewhere, accidents];

/** The deepest zoom at which tiles are requested. */
export const DEEPEST = 16;

/** A zoom-15 tile is a public cell: without deeper requests, its centre is loaded wherever in the cell the view is. */
export function deepest({ coarse }: Pick<Drawing, "coarse">): number {
  return coarse ? COARSE_ZOOM : DEEPEST;
}

export const ATTRIBUTION =
  "Boundaries: Natural Earth 1:10m as packaged in May 2026, districts as before 2021, generalised and illustrative · Places: GeoNames, CC BY 4.0";

export function layersOf(drawing: Drawing): StyleSpecification["layers"] {
  const base = drawing.base?.layers(drawing.palette.theme, drawing.lang) ?? [];
  return MODULES.flatMap((module) => {
    const layers = module.layers(drawing);
    if (base.length === 0) return layers;
    if (module === GROUND.at(-1)) return [...layers, ...base];
    return NAMES.includes(module) ? layers.filter(({ minzoom = 0 }) => minzoom < CELLS_FROM) : layers;
  });
}

export function tileUrl(base: string, collection: string, query = ""): string {
  return `${base}/tiles/${collection}/{z}/{x}/{y}.mvt${query}`;
}

/** The address of the tiles of a query's records, with the marks joined that would hide each other. */
export function recordTiles(base: string, query: string, maxzoom: number): string {
  return marksUrl(tileUrl(base, "detections", query), maxzoom);
}

/** The records of a query. */
export function recordSource(base: string, query: string, maxzoom: number): SourceSpecification {
  return { type: "vector", tiles: [recordTiles(base, query, maxzoom)], minzoom: 0, maxzoom, promoteId: "id" };
}

/** The style of the page. `query` filters the tiles of detections. */
export function pageStyle(base: string, drawing: Drawing, query: string): StyleSpecification {
  const empty: SourceSpecification = { type: "geojson", data: { type: "FeatureCollection", features: [] } };
  return {
    version: 8,
    name: "Clearline",
    sources: {
      ...surroundings((file) => `${base}/${file}.geojson`),
      regions: { type: "vector", tiles: [tileUrl(base, "regions")], minzoom: 0, maxzoom: 12, promoteId: "id" },
      places: { type: "vector", tiles: [tileUrl(base, "places")], minzoom: 0, maxzoom: 12 },
      ...Object.fromEntries(drawnLeaves(drawing).map((leaf) => [LEAVES[leaf].source, recordSource(base, query, deepest(drawing))])),
      // Without a layer that draws it, no tile of a source is requested.
      accidents: { type: "vector", tiles: [tileUrl(base, "accidents")], minzoom: 0, maxzoom: ACCIDENTS_DEEPEST, promoteId: "id" },
      labels: empty,
    },
    layers: layersOf(drawing),
    transition: { duration: drawing.turnMs, delay: 0 },
  };
}
