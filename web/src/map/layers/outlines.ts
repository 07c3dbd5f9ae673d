/** The lines above the districts: the country, its economic regions, and the chosen region. */

import type { LayerModule } from "../layer.ts";

export const outlines: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, region }) => [
    {
      id: "country-line",
      type: "line",
      source: "regions",
      "source-layer": "regions",
      filter: ["==", ["get", "level"], "country"],
      layout: { "line-join": "round" },
      paint: { "line-color": palette.countryLine, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.8, 10, 1.8] },
    },
    {
      id: "economic-regions",
      type: "line",
      source: "regions",
      "source-layer": "regions",
      filter: ["==", ["get", "level"], "economic_region"],
      layout: { "line-join": "round" },
      paint: {
        "line-color": palette.regionLine,
        "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.7, 8, 1.5, 12, 2.2],
      },
    },
    {
      id: "selected-halo",
      type: "line",
      source: "regions",
      "source-layer": "regions",
      filter: ["==", ["get", "id"], region ?? ""],
      layout: { "line-join": "round" },
      paint: { "line-color": palette.selectedHalo, "line-width": 6, "line-opacity": 0.85 },
    },
    {
      id: "selected",
      type: "line",
      source: "regions",
      "source-layer": "regions",
      filter: ["==", ["get", "id"], region ?? ""],
      layout: { "line-join": "round" },
      paint: { "line-color": palette.selected, "line-width": 2.6 },
    },
  ],
  legend: () => [],
};
