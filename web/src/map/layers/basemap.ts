/** Land and sea around the country, quiet: nothing in it is asked about. */

import type { ExpressionSpecification } from "maplibre-gl";

import { FONT, type LayerModule } from "../layer.ts";

/** Names of the countries by their ISO 3166-1 number; the file itself has them in English. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  az: { "398": "Qazaxıstan", "643": "Rusiya", "268": "Gürcüstan", "031": "Azərbaycan", "792": "Türkiyə", "051": "Ermənistan", "364": "İran", "795": "Türkmənistan" },
  ru: { "398": "Казахстан", "643": "Россия", "268": "Грузия", "031": "Азербайджан", "792": "Турция", "051": "Армения", "364": "Иран", "795": "Туркменистан" },
};

function countryName(lang: string): ExpressionSpecification {
  const names = Object.entries(NAMES[lang] ?? {});
  const [first, ...rest] = names;
  if (first === undefined) return ["get", "name"];
  return ["match", ["get", "id"], first[0], first[1], ...rest.flat(), ["get", "name"]] as unknown as ExpressionSpecification;
}

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
      source: "basemap",
      filter: ["!=", ["get", "id"], "031"],
      maxzoom: 9.5,
      layout: {
        "text-field": countryName(lang),
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
