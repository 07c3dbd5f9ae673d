/** Tiles of detections for MapLibre with their marks joined, under addresses such as `marks://16/https://host/tiles/...`. */

import { addProtocol } from "maplibre-gl";

import { SCHEME, tileOf } from "./address.ts";
import { gathered } from "./tile.ts";

/** Must be called before a map requests such a tile. */
export function serveMarks(): void {
  addProtocol(SCHEME, async ({ url }, { signal }) => {
    const { tile, zoom, deepest } = tileOf(url);
    const response = await fetch(tile, { signal });
    if (!response.ok) throw new Error(`${tile} returned ${response.status}`);
    return {
      data: gathered(await response.arrayBuffer(), zoom, deepest),
      cacheControl: response.headers.get("cache-control"),
      expires: response.headers.get("expires"),
    };
  });
}
