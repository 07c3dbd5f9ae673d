/** What the map currently draws, for the legend and the tools. */

import type { Map as MapLibre } from "maplibre-gl";

import type { Hit } from "./hit.ts";
import type { Marks } from "./layer.ts";

class Drawn {
  zoom = $state(7);
  lat = $state(40);
  marks = $state.raw<Marks>({ rings: false, areas: false, detected: false, neutralised: false, glyphs: [], accidents: [] });
  fullRing = $state(50);
  /** Whose base map it is; empty without one. */
  attribution = $state("");
  map = $state.raw<MapLibre | null>(null);
  /** Whether the open card was opened from the list. */
  fromList = $state(false);
  /** Opens the card of an entry of the list. */
  openFromList: (entry: HTMLElement, hit: Hit) => void = () => undefined;
}

export const drawn = new Drawn();
