/** Writes small vector tiles for tests. Positions are in units of the tile, 4096 wide. */

import Point from "@mapbox/point-geometry";
import { fromVectorTileJs, type VectorTileLayerLike } from "@maplibre/vt-pbf";

const EXTENT = 4096;

export interface TileFeature {
  /** Of the vector tile specification: a point, a line, an area. */
  type: 1 | 2 | 3;
  parts: readonly (readonly [number, number])[][];
  properties?: Record<string, string | number | boolean>;
}

export function vectorTile(layers: Readonly<Record<string, readonly TileFeature[]>>): Uint8Array<ArrayBuffer> {
  const written = Object.entries(layers).map(([name, features]): VectorTileLayerLike => {
    const feature = (i: number): ReturnType<VectorTileLayerLike["feature"]> => {
      const { type, parts, properties } = features[i] ?? { type: 1, parts: [] };
      return { type, id: undefined, extent: EXTENT, properties: properties ?? {}, loadGeometry: () => parts.map((part) => part.map(([x, y]) => new Point(x, y))) };
    };
    return { version: 2, name, extent: EXTENT, length: features.length, feature };
  });
  return new Uint8Array(fromVectorTileJs({ layers: Object.fromEntries(written.map((layer) => [layer.name, layer])) }));
}

/** An area over the whole tile and a little beyond. */
export const EVERYWHERE: TileFeature["parts"] = [[[-64, -64], [4160, -64], [4160, 4160], [-64, 4160], [-64, -64]]];
