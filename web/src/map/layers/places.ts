/**
 * Towns and villages: a dot and a name, larger places at lower zooms. Their subdued ink would be unreadable on district
 * colours, so they appear once those are hidden.
 */

import { CELLS_FROM, FONT, localName, type LayerModule } from "../layer.ts";

export const places: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, lang }) => [
    {
      id: "place-dots",
      type: "circle",
      source: "places",
      "source-layer": "places",
      minzoom: CELLS_FROM,
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
      id: "places",
      type: "symbol",
      source: "places",
      "source-layer": "places",
      minzoom: CELLS_FROM,
      layout: {
        "text-field": localName(lang),
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 9, 11, 14, 13.5],
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.55,
        "text-max-width": 8,
        "symbol-sort-key": ["-", 0, ["coalesce", ["get", "population"], 0]],
      },
      paint: {
        "text-color": palette.placeInk,
        "text-halo-color": palette.halo,
        "text-halo-width": 1.4,
      },
    },
  ],
  legend: () => [],
};
