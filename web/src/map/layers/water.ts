/**
 * Rivers, lakes and summits of the region at 1:10 million: a river can be a kilometre off, so they end where that would show.
 * The names are a module of their own, above the figures of the districts.
 */

import type { ExpressionSpecification, FilterSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT, knownName, type LayerModule } from "../layer.ts";

/** From this zoom on, the error of a river is wider than the view. */
export const RIVERS_TO = 14;

function are(...classes: string[]): FilterSpecification {
  return ["in", ["get", "class"], ["literal", classes]];
}

/** Ranks of Natural Earth: the larger, the less important. */
function upTo(rank: number): FilterSpecification {
  return ["<=", ["get", "rank"], rank];
}

/** Large rivers are wider and are drawn from farther away. */
const width: ExpressionSpecification = [
  "interpolate", ["linear"], ["zoom"],
  5, ["step", ["get", "rank"], 0.7, 9, 0.3],
  9, ["step", ["get", "rank"], 1.6, 9, 1],
  13, ["step", ["get", "rank"], 2.6, 9, 1.8],
];

export const water: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette }) => [
    {
      id: "rivers",
      type: "line",
      source: "water",
      minzoom: 5,
      maxzoom: RIVERS_TO,
      filter: are("river", "lake_centreline"),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": palette.river, "line-width": width },
    },
    { id: "lakes", type: "fill", source: "water", filter: are("lake"), paint: { "fill-color": palette.water } },
    {
      id: "lake-lines",
      type: "line",
      source: "water",
      minzoom: 6,
      filter: are("lake"),
      paint: { "line-color": palette.river, "line-width": 0.8 },
    },
  ],
  legend: () => [],
};

export const waterNames: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, lang }) => {
    const metres: ExpressionSpecification = ["concat", ["number-format", ["get", "elevation_m"], { locale: lang }], lang === "ru" ? " м" : " m"];
    const paint = { "text-color": palette.waterInk, "text-halo-color": palette.halo, "text-halo-width": 1.4 };
    return [
      {
        id: "river-names",
        type: "symbol",
        source: "water",
        minzoom: CELLS_FROM,
        maxzoom: RIVERS_TO,
        filter: ["all", are("river"), ["has", "name"]] as FilterSpecification,
        layout: { "symbol-placement": "line", "symbol-spacing": 420, "text-field": knownName(lang), "text-font": FONT, "text-size": 12, "text-letter-spacing": 0.06, "text-max-angle": 35 },
        paint,
      },
      // The largest are outside the districts, whose colours would make the name unreadable.
      ...[{ id: "lake-names-far", minzoom: 6, maxzoom: CELLS_FROM, filter: upTo(5) }, { id: "lake-names", minzoom: CELLS_FROM, maxzoom: 24, filter: upTo(24) }].map(({ filter, ...range }) => ({
        ...range,
        type: "symbol" as const,
        source: "water",
        filter: ["all", are("lake"), filter] as FilterSpecification,
        layout: { "text-field": knownName(lang), "text-font": FONT, "text-size": 12, "text-max-width": 7 },
        paint: { ...paint, "text-halo-color": palette.water },
      })),
      {
        id: "summits",
        type: "symbol",
        source: "water",
        minzoom: CELLS_FROM,
        filter: are("peak"),
        layout: {
          "text-field": ["format", "▲", { "font-scale": 0.8 }, "\n", {}, knownName(lang), {}, "\n", {}, metres, { "font-scale": 0.9 }],
          "text-font": FONT,
          "text-size": 12,
          "text-anchor": "top",
          "text-offset": [0, -0.5],
        },
        paint: { ...paint, "text-color": palette.placeInk },
      },
    ];
  },
  legend: () => [],
};
