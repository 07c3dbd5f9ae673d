/** An operator's base map as sources and layers, for below everything that is recorded. */

import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";

import { CELLS_FROM } from "../layer.ts";
import type { Theme } from "../palette.ts";
import { PREFIX } from "./adapt.ts";
import type { BaseConfig, Terrain } from "./config.ts";

export interface BaseMap {
  sources: Readonly<Record<string, SourceSpecification>>;
  layers(theme: Theme, lang: string): LayerSpecification[];
  /** As plain text; empty if there is none. */
  attribution: string;
}

const SOURCE = `${PREFIX}map`;
const TERRAIN = `${PREFIX}terrain`;

function shade(theme: Theme): LayerSpecification {
  const dark = theme === "dark";
  return {
    id: `${PREFIX}relief`,
    type: "hillshade",
    source: TERRAIN,
    minzoom: CELLS_FROM,
    paint: { "hillshade-exaggeration": 0.3, "hillshade-shadow-color": dark ? "#000000" : "#5a6570", "hillshade-highlight-color": dark ? "#39424a" : "#ffffff", "hillshade-accent-color": dark ? "#000000" : "#5a6570" },
  };
}

/** The relief lies on the ground, below water and roads: after the first layers that fill areas of land. */
export function withRelief(layers: readonly LayerSpecification[], theme: Theme): LayerSpecification[] {
  const ground = layers.findLastIndex(({ id, type }) => type === "raster" || id === `${PREFIX}earth` || id.startsWith(`${PREFIX}landcover`));
  return [...layers.slice(0, ground + 1), shade(theme), ...layers.slice(ground + 1)];
}

function sourceOf(terrain: Terrain | null): Record<string, SourceSpecification> {
  return terrain === null ? {} : { [TERRAIN]: { type: "raster-dem", tiles: [terrain.tiles], encoding: terrain.encoding, maxzoom: terrain.maxzoom, tileSize: 256 } };
}

/** The sources and layers of a base map; `plainText` reads the text of its attribution, which is usually HTML. */
export async function baseOf(config: BaseConfig, plainText: (html: string) => string): Promise<BaseMap> {
  const { terrain } = config;
  const relief = (layers: LayerSpecification[], theme: Theme): LayerSpecification[] => (terrain === null ? layers : withRelief(layers, theme));
  const attribution = plainText(config.attribution);
  switch (config.kind) {
    case "protomaps": {
      const { protomapsLayers } = await import("./protomaps.ts");
      const source: SourceSpecification = { type: "vector", tiles: [config.tiles], minzoom: config.minzoom, maxzoom: config.maxzoom };
      return { sources: { [SOURCE]: source, ...sourceOf(terrain) }, layers: (theme, lang) => relief(protomapsLayers(SOURCE, theme, lang), theme), attribution };
    }
    case "raster": {
      const source: SourceSpecification = { type: "raster", tiles: [config.tiles], tileSize: 256 };
      // A picture has one theme: in the dark it is dimmed.
      const picture = (theme: Theme): LayerSpecification => ({ id: `${PREFIX}raster`, type: "raster", source: SOURCE, minzoom: CELLS_FROM, paint: theme === "dark" ? { "raster-brightness-max": 0.55, "raster-saturation": -0.4 } : {} });
      return { sources: { [SOURCE]: source, ...sourceOf(terrain) }, layers: (theme) => relief([picture(theme)], theme), attribution };
    }
    case "style": {
      const { absoluteSources, styleParts } = await import("./style.ts");
      const response = await fetch(config.url);
      if (!response.ok) throw new Error(`${config.url} returned ${response.status}`);
      const style = (await response.json()) as StyleSpecification;
      const { sources, layers } = styleParts({ ...style, sources: absoluteSources(style.sources, config.url) });
      return { sources: { ...sources, ...sourceOf(terrain) }, layers: (theme) => relief(layers, theme), attribution };
    }
  }
}
