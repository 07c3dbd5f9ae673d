/** Districts by the share of their recorded items that are neutralised; a hatch where nothing is recorded. */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import type { LayerModule } from "../layer.ts";

/** The figures that the page holds win over those in the tile, so that panel and map never disagree. -1: no data. */
export const SHARE: ExpressionSpecification = ["coalesce", ["feature-state", "share"], ["get", "share"], -1];
/** Where the steps begin. */
export const STEPS = [0.2, 0.4, 0.6, 0.8] as const;

/** Into which of the five steps a share falls. */
export function stepOf(share: number): 0 | 1 | 2 | 3 | 4 {
  const n = STEPS.filter((step) => share >= step).length;
  return n as 0 | 1 | 2 | 3 | 4;
}

const isDistrict: ExpressionSpecification = ["==", ["get", "level"], "district"];

const noData: LayerSpecification = {
  id: "no-data",
  type: "fill",
  source: "regions",
  "source-layer": "regions",
  filter: isDistrict,
  maxzoom: 12,
  paint: {
    "fill-pattern": "hatch",
    "fill-opacity": ["interpolate", ["linear"], ["zoom"], 9, ["case", ["<", SHARE, 0], 1, 0], 11, ["case", ["<", SHARE, 0], 0.35, 0], 12, 0],
  },
};

export const districts: LayerModule = {
  zooms: [0, 10],
  layers: ({ palette, images }) => [
    {
      id: "land",
      type: "fill",
      source: "regions",
      "source-layer": "regions",
      filter: isDistrict,
      paint: { "fill-color": palette.land, "fill-antialias": false },
    },
    {
      id: "districts",
      type: "fill",
      source: "regions",
      "source-layer": "regions",
      filter: isDistrict,
      paint: {
        "fill-color": [
          "case",
          ["<", SHARE, 0],
          palette.noData,
          ["step", SHARE, palette.share[0], STEPS[0], palette.share[1], STEPS[1], palette.share[2], STEPS[2], palette.share[3], STEPS[3], palette.share[4]],
        ],
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 8.4, 1, 9.1, 0.3, 11, 0.14],
        "fill-antialias": false,
      },
    },
    ...(images ? [noData] : []),
    {
      id: "district-lines",
      type: "line",
      source: "regions",
      "source-layer": "regions",
      filter: isDistrict,
      layout: { "line-join": "round" },
      paint: {
        "line-color": palette.districtLine,
        "line-opacity": 0.75,
        "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.3, 8, 0.7, 12, 1.4],
      },
    },
  ],
  legend: ({ palette }) => [
    { shape: "steps", colours: palette.share, label: "share" },
    { shape: "hatch", fill: palette.noData, line: palette.hatch, label: "noData" },
  ],
};
