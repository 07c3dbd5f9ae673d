/** Land and sea around the country, quiet: nothing in it is asked about. */

import type { LayerModule } from "../layer.ts";

export const basemap: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette }) => [
    { id: "water", type: "background", paint: { "background-color": palette.water } },
    {
      id: "neighbours",
      type: "fill",
      source: "basemap",
      paint: { "fill-color": palette.neighbour, "fill-antialias": true },
    },
    {
      id: "neighbour-lines",
      type: "line",
      source: "basemap",
      paint: { "line-color": palette.neighbourLine, "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.6, 10, 1.4] },
    },
  ],
  legend: () => [],
};
