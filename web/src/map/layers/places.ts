/**
 * Towns and villages: a dot and a name, larger places at lower zooms and in larger letters. Their subdued ink would be
 * unreadable on district colours, so within the country they appear once those are hidden.
 *
 * The server's places are those that can be searched. The towns around them are a file of the page.
 */

import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT, knownName, localName, type LayerModule } from "../layer.ts";
import type { Palette } from "../palette.ts";

const population: ExpressionSpecification = ["coalesce", ["get", "population"], 0];
/** The smallest place with a name, by zoom. */
const least: ExpressionSpecification = ["step", ["zoom"], 100_000, 7, 50_000, 8, 20_000, CELLS_FROM, 2_000, 10, 0];
const isShown = [">=", population, least] as FilterSpecification & unknown[];

const size: ExpressionSpecification = [
  "interpolate", ["linear"], ["zoom"],
  9, ["step", population, 11, 20_000, 12.5, 100_000, 14],
  14, ["step", population, 13.5, 20_000, 15, 100_000, 17],
];

interface From {
  source: string;
  "source-layer"?: string;
}

function drawn(suffix: string, from: From, range: { minzoom: number; maxzoom?: number }, filter: FilterSpecification, name: ExpressionSpecification, palette: Palette): LayerSpecification[] {
  return [
    {
      id: `place-dots${suffix}`,
      type: "circle",
      ...from,
      ...range,
      filter,
      paint: {
        "circle-radius": 2,
        "circle-color": palette.placeInk,
        "circle-stroke-color": palette.paper,
        "circle-stroke-width": 1,
        "circle-opacity": 0.8,
        "circle-stroke-opacity": 0.8,
      },
    },
    {
      id: `places${suffix}`,
      type: "symbol",
      ...from,
      ...range,
      filter,
      layout: {
        "text-field": name,
        "text-font": FONT,
        "text-size": size,
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.55,
        "text-max-width": 8,
        "symbol-sort-key": ["-", 0, population],
      },
      paint: { "text-color": palette.placeInk, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
    },
  ];
}

export const places: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, lang }) => [
    ...drawn("-abroad", { source: "towns" }, { minzoom: 6, maxzoom: CELLS_FROM }, ["all", ["!=", ["get", "country"], "AZ"], isShown] as FilterSpecification, knownName(lang), palette),
    ...drawn("-around", { source: "towns" }, { minzoom: CELLS_FROM }, isShown, knownName(lang), palette),
    ...drawn("", { source: "places", "source-layer": "places" }, { minzoom: CELLS_FROM }, isShown, localName(lang), palette),
  ],
  legend: () => [],
};
