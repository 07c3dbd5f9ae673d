/**
 * District names with the number of items in each, from the figures that the page holds: one point a district, the
 * count as the filters leave it.
 */

import type { ExpressionSpecification } from "maplibre-gl";

import { FONT, FONT_STRONG, type LayerModule } from "../layer.ts";
import { STEPS } from "./districts.ts";

/** Cells take over from here. */
export const LABELS_END = 9;

export const labels: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette }) => {
    const step = (values: readonly string[]): ExpressionSpecification => [
      "step", ["get", "share"], values[0] ?? "", STEPS[0], values[1] ?? "", STEPS[1], values[2] ?? "", STEPS[2], values[3] ?? "", STEPS[3], values[4] ?? "",
    ];
    const fade: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], LABELS_END - 0.5, 1, LABELS_END, 0];
    return [
      {
        id: "district-labels",
        type: "symbol",
        source: "labels",
        maxzoom: LABELS_END,
        filter: [">", ["get", "quantity"], 0],
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
          "text-color": ["case", ["<", ["get", "share"], 0], palette.ink, step(palette.shareText)],
          "text-halo-color": ["case", ["<", ["get", "share"], 0], palette.halo, step(palette.share)],
          "text-halo-width": 1.5,
          "text-opacity": fade,
        },
      },
      {
        id: "district-names",
        type: "symbol",
        source: "labels",
        minzoom: 6.8,
        maxzoom: LABELS_END + 2,
        filter: ["==", ["get", "quantity"], 0],
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
        minzoom: LABELS_END,
        maxzoom: 11.5,
        filter: [">", ["get", "quantity"], 0],
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
