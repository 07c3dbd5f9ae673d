/** The layers of a base map of OpenStreetMap in the tiles of Protomaps. Loaded only where one is configured. */

import type { LayerSpecification } from "maplibre-gl";
import { layers, namedFlavor } from "@protomaps/basemaps";

import type { Theme } from "../palette.ts";
import { adapted } from "./adapt.ts";

/**
 * Left out: their background, since ours shows where their tiles end; boundaries within countries, of which we draw our own;
 * shields and shops, which would compete with the marks.
 */
const OMITTED: ReadonlySet<string> = new Set(["background", "boundaries", "roads_shields", "pois", "places_region"]);

/** The layers in a theme; names in the language, or else English, with the local name where its script differs. */
export function protomapsLayers(source: string, theme: Theme, lang: string): LayerSpecification[] {
  return (layers(source, namedFlavor(theme), { lang }))
    .filter(({ id }) => !OMITTED.has(id))
    .map(adapted)
    .filter((layer) => layer !== null);
}
