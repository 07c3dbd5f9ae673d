/** A base map that is a MapLibre style of its own: its sources and layers. Pure, except that it reads the style. */

import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

import { PREFIX, adapted } from "./adapt.ts";

/** The style's sources and layers under names of their own. */
export function styleParts(style: StyleSpecification): { sources: Record<string, SourceSpecification>; layers: LayerSpecification[] } {
  const layers = style.layers.map(adapted).filter((layer) => layer !== null);
  return {
    sources: Object.fromEntries(Object.entries(style.sources).map(([name, source]) => [`${PREFIX}${name}`, source])),
    layers: layers.map((layer) => ("source" in layer ? ({ ...layer, source: `${PREFIX}${layer.source}` }) : layer)),
  };
}

/** Addresses in a style can be relative to it. */
export function absoluteSources(sources: StyleSpecification["sources"], base: string): StyleSpecification["sources"] {
  const made = (address: string): string => new URL(address, base).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => {
      const changed: Record<string, unknown> = { ...source };
      if (typeof changed.url === "string" && !changed.url.includes("://")) changed.url = made(changed.url);
      if (Array.isArray(changed.tiles)) changed.tiles = changed.tiles.map((each) => made(String(each)));
      return [name, changed as unknown as SourceSpecification];
    }),
  );
}
