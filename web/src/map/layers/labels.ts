/**
 * District names with the number of items in each. On the page they come from the figures it holds (one point a
 * district, the count as the filters leave it); in the style file, from the polygons' tiles.
 */

import type { ExpressionSpecification } from "maplibre-gl";

import { FONT, FONT_STRONG, localName, type LayerModule } from "../layer.ts";
import { STEPS } from "./districts.ts";

/** Cells take over from here. */
export const LABELS_END = 9;

export const labels: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, images, lang }) => {
    const step = (values: readonly string[]): ExpressionSpecification => [
      "step", ["get", "share"], values[0] ?? "", STEPS[0], values[1] ?? "", STEPS[1], values[2] ?? "", STEPS[2], values[3] ?? "", STEPS[3], values[4] ?? "",
    ];
    const fade: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], LABELS_END - 0.5, 1, LABELS_END, 0];
    if (!images) {
      return [
        {
          id: "district-labels",
          type: "symbol",
          source: "regions",
          "source-layer": "regions",
          filter: ["==", ["get", "level"], "district"],
          minzoom: 7,
          maxzoom: LABELS_END,
          layout: { "text-field": localName(lang), "text-font": FONT, "text-size": 12 },
          paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
        },
      ];
    }
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
    ];
  },
  legend: () => [],
};
