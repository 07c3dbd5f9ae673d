/** The surrounding land and sea, subdued: none of it is interactive. */

import type { GeoJSONSourceSpecification } from "maplibre-gl";

import { FONT, type LayerModule } from "../layer.ts";

/** The names of the surroundings, once each, in the reader's language. */
const AROUND: readonly { at: [number, number]; names: Readonly<Record<"name" | "name_az" | "name_ru", string>> }[] = [
  { at: [45.27, 40.2], names: { name: "Armenia", name_az: "Ermənistan", name_ru: "Армения" } },
  { at: [44.3, 41.95], names: { name: "Georgia", name_az: "Gürcüstan", name_ru: "Грузия" } },
  { at: [46.9, 38.55], names: { name: "Iran", name_az: "İran", name_ru: "Иран" } },
  { at: [46.9, 42.45], names: { name: "Russia", name_az: "Rusiya", name_ru: "Россия" } },
  { at: [43.3, 40.1], names: { name: "Türkiye", name_az: "Türkiyə", name_ru: "Турция" } },
  { at: [50.6, 40.9], names: { name: "Caspian Sea", name_az: "Xəzər dənizi", name_ru: "Каспийское море" } },
];

export const AROUND_SOURCE: GeoJSONSourceSpecification = {
  type: "geojson",
  data: {
    type: "FeatureCollection",
    features: AROUND.map(({ at, names }) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: names })),
  },
};

export const basemap: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, lang }) => [
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
    {
      id: "neighbour-names",
      type: "symbol",
      source: "around",
      maxzoom: 9.5,
      layout: {
        "text-field": ["coalesce", ["get", `name_${lang}`], ["get", "name"]],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 5, 11, 8, 15],
        "text-letter-spacing": 0.12,
        "text-transform": "uppercase",
        "text-max-width": 12,
      },
      paint: { "text-color": palette.quietInk, "text-halo-color": palette.neighbour, "text-halo-width": 1.2, "text-opacity": 0.85 },
    },
  ],
  legend: () => [],
};
