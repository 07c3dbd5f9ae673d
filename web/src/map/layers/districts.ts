/**
 * Districts coloured by a measure in five steps, hatched where nothing is recorded. Opaque up to the zoom at which marks
 * take over, and hidden from there on: a translucent colour would look like another step.
 */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

import { CELLS_FROM, type LayerModule, type LegendLabel } from "../layer.ts";
import type { Measure } from "../measure.ts";

/** The `step` of a district without records. */
export const NO_DATA = -1;
/** The figures are not loaded yet. */
const NOT_YET = -2;
/** The hatch on the map and in the legend: the side of its square and the width of its lines, in pixels. */
export const HATCH = { size: 8, width: 2 } as const;

/** The step from the figures that the page holds, so that panel and map always agree, whatever the filters. */
const step: ExpressionSpecification = ["coalesce", ["feature-state", "step"], NOT_YET];

const isDistrict: ExpressionSpecification = ["==", ["get", "level"], "district"];

/** The meaning of the hatch. */
export function noneLabel(measure: Measure, someKinds: boolean | undefined): LegendLabel {
  if (measure.of !== "share") return "noneIn";
  return someKinds ? "noMatch" : "noData";
}

const noData: LayerSpecification = {
  id: "no-data",
  type: "fill",
  source: "regions",
  "source-layer": "regions",
  filter: isDistrict,
  maxzoom: CELLS_FROM,
  paint: { "fill-pattern": "hatch", "fill-opacity": ["case", ["==", step, NO_DATA], 1, 0] },
};

export const districts: LayerModule = {
  zooms: [0, CELLS_FROM],
  layers: ({ palette, measure }) => {
    const colours = palette.steps[measure.of];
    return [
      {
        id: "districts",
        type: "fill",
        source: "regions",
        "source-layer": "regions",
        filter: isDistrict,
        maxzoom: CELLS_FROM,
        paint: {
          "fill-color": [
            "match", step,
            NO_DATA, palette.noData,
            0, colours[0], 1, colours[1], 2, colours[2], 3, colours[3], 4, colours[4],
            palette.land,
          ],
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
    ];
  },
  legend: ({ palette, measure, someKinds }) => [
    { shape: "steps", colours: palette.steps[measure.of], measure, label: measure.of === "share" ? "share" : measure.of === "neutralised" ? "neutralisedIn" : "detectedIn" },
    { shape: "hatch", fill: palette.noData, line: palette.hatch, label: noneLabel(measure, someKinds) },
    { shape: "words", label: "districtCount" },
  ],
};
