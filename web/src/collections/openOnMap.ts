/** Opens the card of a listed record on the map. */

import type { Point } from "geojson";

import { drawn } from "../map/drawn.svelte.ts";
import type { Collection } from "../shared/api/types.ts";

export function openOnMap(entry: HTMLElement, collection: Collection, id: string, { coordinates: [lon = 0, lat = 0] }: Point): void {
  drawn.openFromList(entry, { what: "record", collection, id, at: [lon, lat] });
}
