/** Districts by the share of their recorded items that are neutralised; a hatch where nothing is recorded. */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import type { LayerModule } from "../layer.ts";

/** Nothing is recorded. */
export const NO_DATA = -1;
/** The figures have not been read yet. */
const NOT_YET = -2;

/**
 * The figures that the page holds, so that panel and map never disagree, whatever the filters and the date. The tiles
 * give it the shapes.
 */
const share: ExpressionSpecification = ["coalesce", ["feature-state", "share"], NOT_YET];

/** Where the steps begin. */
export const STEPS = [0.2, 0.4, 0.6, 0.8] as const;

/** Into which of the five steps a share falls. */
export function stepOf(share: number): 0 | 1 | 2 | 3 | 4 {
  const n = STEPS.filter((step) => share >= step).length;
  return n as 0 | 1 | 2 | 3 | 4;
}

const isDistrict: ExpressionSpecification = ["==", ["get", "level"], "district"];

const isNoData: ExpressionSpecification = ["==", share, NO_DATA];

const noData: LayerSpecification = {
  id: "no-data",
  type: "fill",
  source: "regions",
  "source-layer": "regions",
  filter: isDistrict,
  maxzoom: 12,
  paint: {
    "fill-pattern": "hatch",
    "fill-opacity": ["interpolate", ["linear"], ["zoom"], 9, ["case", isNoData, 1, 0], 11, ["case", isNoData, 0.35, 0], 12, 0],
  },
};

export const districts: LayerModule = {
  zooms: [0, 10],
  layers: ({ palette }) => [
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
          ["==", share, NO_DATA],
          palette.noData,
          ["<", share, 0],
          palette.land,
          ["step", share, palette.share[0], STEPS[0], palette.share[1], STEPS[1], palette.share[2], STEPS[2], palette.share[3], STEPS[3], palette.share[4]],
        ],
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 8.4, 1, 9.1, 0.3, 11, 0.08, 13, 0.03],
        "fill-antialias": false,
      },
    },
    noData,
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
