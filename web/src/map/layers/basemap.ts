/** The surrounding land and sea, subdued: none of it is interactive. */

import type { GeoJSONSourceSpecification, SourceSpecification } from "maplibre-gl";

import { FONT, knownName, type LayerModule } from "../layer.ts";

/** The names of the surroundings, once each, in the reader's language. */
const AROUND: readonly { at: [number, number]; names: Readonly<Record<"name" | "name_az" | "name_ru", string>> }[] = [
  { at: [35, 43.4], names: { name: "Black Sea", name_az: "Qara dəniz", name_ru: "Чёрное море" } },
  { at: [43.6, 33.6], names: { name: "Iraq", name_az: "İraq", name_ru: "Ирак" } },
  { at: [38.4, 35], names: { name: "Syria", name_az: "Suriya", name_ru: "Сирия" } },
  { at: [58.8, 39.3], names: { name: "Turkmenistan", name_az: "Türkmənistan", name_ru: "Туркменистан" } },
  { at: [54, 46.8], names: { name: "Kazakhstan", name_az: "Qazaxıstan", name_ru: "Казахстан" } },
  { at: [45.27, 40.2], names: { name: "Armenia", name_az: "Ermənistan", name_ru: "Армения" } },
  { at: [44.3, 41.95], names: { name: "Georgia", name_az: "Gürcüstan", name_ru: "Грузия" } },
  { at: [46.9, 38.55], names: { name: "Iran", name_az: "İran", name_ru: "Иран" } },
  { at: [46.9, 42.45], names: { name: "Russia", name_az: "Rusiya", name_ru: "Россия" } },
  { at: [43.3, 40.1], names: { name: "Türkiye", name_az: "Türkiyə", name_ru: "Турция" } },
  { at: [50.6, 40.9], names: { name: "Caspian Sea", name_az: "Xəzər dənizi", name_ru: "Каспийское море" } },
];

const AROUND_SOURCE: GeoJSONSourceSpecification = {
  type: "geojson",
  data: {
    type: "FeatureCollection",
    features: AROUND.map(({ at, names }) => ({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: names })),
  },
};

/** The files of the surroundings. */
export const FILES = ["basemap", "water", "towns"] as const;

/** The sources of the surroundings; `data`: an address or the contents of each file. */
export function surroundings(data: (file: (typeof FILES)[number]) => GeoJSONSourceSpecification["data"]): Record<string, SourceSpecification> {
  return {
    basemap: { type: "geojson", data: data("basemap"), tolerance: 0.2, buffer: 16 },
    water: { type: "geojson", data: data("water"), tolerance: 0.2 },
    towns: { type: "geojson", data: data("towns") },
    around: AROUND_SOURCE,
  };
}

/** The part of the world that the files cover, west, south, east, north: the map shows no more, or the land would end in a straight edge. */
export const COVERED: [number, number, number, number] = [0, 15, 95, 60];

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

/** Above the lakes, and giving way to the names of districts. */
export const aroundNames: LayerModule = {
  zooms: [0, 0],
  layers: ({ palette, lang }) => [
    {
      id: "neighbour-names",
      type: "symbol",
      source: "around",
      maxzoom: 9.5,
      layout: {
        "text-field": knownName(lang),
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
