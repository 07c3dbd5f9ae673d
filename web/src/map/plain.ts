/**
 * The style for other programs (QGIS, other web pages), without generated images.
 *
 * Each layer draws one thing in one colour, selected by its filter. QGIS converts filters, constants and `interpolate` by
 * zoom; it skips or misreads `match`, `case`, `step` and `coalesce`, and then draws everything alike. To QGIS a layer
 * without `source-layer` means every layer of a tile, and it labels their features with any field it finds. So the base map
 * has no names, and its polygons are selected by lacking the level that ours have.
 */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT } from "./layer.ts";
import { RIVERS_TO } from "./layers/water.ts";
import { STEPS } from "./measure.ts";
import { paletteOf } from "./palette.ts";
import { ATTRIBUTION } from "./style.ts";

const palette = paletteOf("light");
const regions = { source: "regions", "source-layer": "regions" } as const;
const isDistrict: FilterSpecification = ["==", ["get", "level"], "district"];
/** The label of every cell. */
const detected: ExpressionSpecification = ["get", "detected"];
const neutralised: ExpressionSpecification = ["get", "neutralised"];
const quantity: ExpressionSpecification = ["get", "quantity"];

function byZoom(...stops: number[]): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], ...stops] as ExpressionSpecification;
}

/** A colour between two `#rrggbb` colours, at `part` of the way from the first to the second. */
function mixed(from: string, to: string, part: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * part).toString(16).padStart(2, "0");
  });
  return `#${channels.join("")}`;
}

const around: LayerSpecification[] = [
  { id: "water", type: "background", paint: { "background-color": palette.water } },
  {
    id: "neighbours",
    type: "fill",
    source: "basemap",
    filter: ["!", ["has", "level"]],
    paint: { "fill-color": palette.neighbour },
  },
  {
    id: "neighbour-lines",
    type: "line",
    source: "basemap",
    filter: ["!", ["has", "level"]],
    paint: { "line-color": palette.neighbourLine, "line-width": byZoom(5, 0.6, 10, 1.4) },
  },
];

const water: LayerSpecification[] = [
  {
    id: "rivers",
    type: "line",
    source: "water",
    filter: ["==", ["get", "class"], "river"],
    maxzoom: RIVERS_TO,
    paint: { "line-color": palette.river, "line-width": byZoom(5, 0.4, 9, 1.2, 13, 2.2) },
  },
  { id: "lakes", type: "fill", source: "water", filter: ["==", ["get", "class"], "lake"], paint: { "fill-color": palette.water } },
];

function district(id: string, filter: FilterSpecification, colour: string): LayerSpecification {
  return {
    id,
    type: "fill",
    ...regions,
    filter: ["all", isDistrict, filter] as FilterSpecification,
    maxzoom: CELLS_FROM,
    paint: { "fill-color": colour, "fill-antialias": false },
  };
}

/** One fifth of the scale of shares, from its lower bound on. */
function share(step: 0 | 1 | 2 | 3 | 4): LayerSpecification {
  const ends: readonly (number | undefined)[] = [undefined, ...STEPS, undefined];
  const [from, to] = ends.slice(step, step + 2);
  const parts: FilterSpecification[] = [["has", "share"]];
  if (from !== undefined) parts.push([">=", ["get", "share"], from]);
  if (to !== undefined) parts.push(["<", ["get", "share"], to]);
  return district(`districts-from-${step * 20}-percent`, ["all", ...parts] as FilterSpecification, palette.steps.share[step]);
}

const land: LayerSpecification = { id: "land", type: "fill", ...regions, filter: isDistrict, paint: { "fill-color": palette.land, "fill-antialias": false } };

const districts: LayerSpecification[] = [
  district("districts-without-data", ["!", ["has", "share"]], palette.noData),
  ...([0, 1, 2, 3, 4] as const).map(share),
  {
    id: "district-lines",
    type: "line",
    ...regions,
    filter: isDistrict,
    layout: { "line-join": "round" },
    paint: { "line-color": palette.districtLine, "line-opacity": 0.75, "line-width": byZoom(5, 0.3, 8, 0.7, 12, 1.4) },
  },
  {
    id: "country-line",
    type: "line",
    ...regions,
    filter: ["==", ["get", "level"], "country"],
    layout: { "line-join": "round" },
    paint: { "line-color": palette.countryLine, "line-width": byZoom(5, 0.8, 10, 1.8) },
  },
  {
    id: "economic-regions",
    type: "line",
    ...regions,
    filter: ["==", ["get", "level"], "economic_region"],
    layout: { "line-join": "round" },
    paint: { "line-color": palette.regionLine, "line-width": byZoom(5, 0.7, 8, 1.5, 12, 2.2) },
  },
];

const names: LayerSpecification[] = [
  {
    id: "place-dots",
    type: "circle",
    source: "places",
    "source-layer": "places",
    minzoom: 8.6,
    paint: { "circle-radius": 2, "circle-color": palette.placeInk, "circle-stroke-color": palette.paper, "circle-stroke-width": 1 },
  },
  {
    id: "places",
    type: "symbol",
    source: "places",
    "source-layer": "places",
    minzoom: 8.6,
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": byZoom(9, 11, 14, 13.5), "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.55 },
    paint: { "text-color": palette.placeInk, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
  },
  {
    id: "district-labels",
    type: "symbol",
    source: "regions",
    "source-layer": "region_labels",
    filter: isDistrict,
    minzoom: 7,
    maxzoom: CELLS_FROM,
    layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": 12 },
    paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
  },
];

/** Classes of cells by their items, largest first, so that small discs are above large ones. */
const SIZES = [
  { from: 500, to: null, radius: 24 },
  { from: 100, to: 500, radius: 18 },
  { from: 20, to: 100, radius: 13 },
  { from: 5, to: 20, radius: 8 },
  { from: 0, to: 5, radius: 4 },
] as const;

/** Classes of cells by the status of their items. Items still in the ground are above the others. */
const SHADES: readonly { name: string; filter: readonly FilterSpecification[]; colour: string }[] = [
  {
    name: "all-discounted",
    filter: [["==", detected, 0], ["==", neutralised, 0]] as FilterSpecification[],
    colour: palette.quietInk,
  },
  {
    name: "all-neutralised",
    filter: [["==", detected, 0], [">", neutralised, 0]] as FilterSpecification[],
    colour: palette.neutralised,
  },
  {
    name: "mostly-neutralised",
    filter: [[">", detected, 0], [">=", neutralised, detected]] as FilterSpecification[],
    colour: mixed(palette.neutralised, palette.detected, 1 / 3),
  },
  {
    name: "mostly-detected",
    filter: [[">", neutralised, 0], ["<", neutralised, detected]] as FilterSpecification[],
    colour: mixed(palette.neutralised, palette.detected, 2 / 3),
  },
  {
    name: "all-detected",
    filter: [[">", detected, 0], ["==", neutralised, 0]] as FilterSpecification[],
    colour: palette.detected,
  },
];

const cells: LayerSpecification[] = SIZES.flatMap(({ from, to, radius }) =>
  SHADES.map(({ name, filter, colour }) => {
    const size: FilterSpecification[] = [[">=", quantity, from] as FilterSpecification];
    if (to !== null) size.push(["<", quantity, to] as FilterSpecification);
    return {
      id: `cells-${to === null ? `from-${from}` : `${Math.max(1, from)}-to-${to - 1}`}-${name}`,
      type: "circle",
      source: "detections",
      "source-layer": "cells",
      filter: ["all", ...size, ...filter] as FilterSpecification,
      paint: { "circle-radius": radius, "circle-color": colour, "circle-stroke-color": palette.paper, "circle-stroke-width": 1 },
    };
  }),
);

function record(status: string, inside: string, around: string): LayerSpecification {
  return {
    id: `records-${status}`,
    type: "circle",
    source: "detections",
    "source-layer": "detections",
    filter: ["==", ["get", "status"], status],
    paint: { "circle-radius": byZoom(10, 2.5, 16, 6), "circle-color": inside, "circle-stroke-color": around, "circle-stroke-width": 1.6 },
  };
}

/** From bottom to top. */
export const PLAIN_LAYERS: StyleSpecification["layers"] = [
  ...around,
  land,
  ...water,
  ...districts,
  ...names,
  ...cells,
  record("discounted", palette.paper, palette.quietInk),
  record("neutralised", palette.paper, palette.neutralised),
  record("detected", palette.detected, palette.paper),
];

/** The server replaces `{base}` with its own address. */
export function plainStyle(): StyleSpecification {
  return {
    version: 8,
    name: "Clearline",
    metadata: { "clearline:attribution": ATTRIBUTION, "clearline:notice": "Shows what has been recorded. No record does not mean no danger." },
    center: [46.7, 39.8],
    zoom: 7.5,
    sources: {
      basemap: { type: "geojson", data: "{base}/basemap.geojson" },
      water: { type: "geojson", data: "{base}/water.geojson" },
      regions: { type: "vector", url: "{base}/tiles/regions.json" },
      places: { type: "vector", url: "{base}/tiles/places.json" },
      detections: { type: "vector", url: "{base}/tiles/detections.json" },
    },
    layers: PLAIN_LAYERS,
  };
}
