/**
 * District names with the number of items in each, from the figures that the page holds: one point per district, with the
 * filtered count.
 */

import type { ExpressionSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT, FONT_STRONG, type LayerModule } from "../layer.ts";
import { NO_DATA } from "./districts.ts";

export const labels: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, measure }) => {
    const byStep = (values: readonly string[], otherwise: string): ExpressionSpecification => [
      "match", ["get", "step"], 0, values[0] ?? "", 1, values[1] ?? "", 2, values[2] ?? "", 3, values[3] ?? "", 4, values[4] ?? "", otherwise,
    ];
    return [
      {
        id: "district-labels",
        type: "symbol",
        source: "labels",
        maxzoom: CELLS_FROM,
        filter: ["!=", ["get", "step"], NO_DATA],
        layout: {
          "text-field": [
            "format",
            ["get", "name"], { "font-scale": 0.86 },
            "\n", {},
            ["get", "count"], { "text-font": ["literal", FONT_STRONG] },
          ],
          "text-font": FONT,
          "text-size": ["interpolate", ["linear"], ["zoom"], 6, 10.5, 8, 14, 9, 16],
          "text-line-height": 1.15,
          "text-max-width": 9,
          "text-padding": 1,
          "text-variable-anchor": ["center", "top", "bottom"],
          "symbol-sort-key": ["-", 0, ["get", "quantity"]],
        },
        paint: {
          "text-color": byStep(palette.stepText[measure.of], palette.ink),
          "text-halo-color": byStep(palette.steps[measure.of], palette.halo),
          "text-halo-width": 1.5,
        },
      },
      {
        id: "district-names",
        type: "symbol",
        source: "labels",
        minzoom: 6.8,
        maxzoom: CELLS_FROM,
        filter: ["==", ["get", "step"], NO_DATA],
        layout: {
          "text-field": ["get", "name"],
          "text-font": FONT,
          "text-size": ["interpolate", ["linear"], ["zoom"], 6, 9.5, 9, 12],
          "text-max-width": 7,
          "text-padding": 3,
        },
        paint: { "text-color": palette.quietInk, "text-halo-color": palette.noData, "text-halo-width": 1.6 },
      },
      {
        id: "district-names-near",
        type: "symbol",
        source: "labels",
        minzoom: CELLS_FROM,
        maxzoom: 11.5,
        layout: {
          "text-field": ["get", "name"],
          "text-font": FONT,
          "text-size": 14,
          "text-transform": "uppercase",
          "text-letter-spacing": 0.14,
        },
        paint: { "text-color": palette.quietInk, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
      },
    ];
  },
  legend: () => [],
};
