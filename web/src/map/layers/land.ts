/** The ground of the districts, below rivers and lakes. The colours of their figures are another layer, above these. */

import type { LayerModule } from "../layer.ts";

export const land: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette }) => [
    {
      id: "land",
      type: "fill",
      source: "regions",
      "source-layer": "regions",
      filter: ["==", ["get", "level"], "district"],
      paint: { "fill-color": palette.land, "fill-antialias": false },
    },
  ],
  legend: () => [],
};
