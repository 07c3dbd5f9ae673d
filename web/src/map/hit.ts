/** The target of a click on the map. */

import type { MapGeoJSONFeature } from "maplibre-gl";

import type { Collection, LonLat } from "../shared/api/types.ts";
import { kindsOf, type KindItems } from "../collections/detections/layers/cells.ts";
import type { Member } from "../collections/detections/marks/gather.ts";
import { membersOf } from "../collections/detections/marks/members.ts";

/** What was clicked. */
export type Hit =
  | { what: "record"; collection: Collection; id: string; at: LonLat }
  | { what: "cell"; items: number; records: number; detected: number; neutralised: number; kinds: KindItems[]; members: Member[]; coarse: boolean; within: string | null; at: LonLat }
  | { what: "region"; id: string; at: LonLat };

/** `near`: uncleared items are drawn as areas. */
export function hitOf(feature: MapGeoJSONFeature | undefined, clicked: LonLat, near: boolean): Hit | null {
  if (feature === undefined) return null;
  const { properties, geometry } = feature;
  const at: LonLat = geometry.type === "Point" ? [geometry.coordinates[0] ?? clicked[0], geometry.coordinates[1] ?? clicked[1]] : clicked;
  const number = (name: string): number => Number(properties[name] ?? 0);
  switch (feature.sourceLayer) {
    case "accidents":
    case "detections":
      return { what: "record", collection: feature.sourceLayer, id: String(properties.id ?? feature.id), at };
    case "cells":
      return { what: "cell", items: number("quantity"), records: number("records"), detected: number("detected"), neutralised: number("neutralised"), kinds: kindsOf(properties), members: membersOf(properties), coarse: near && number("neutralised") === 0, within: typeof properties.within === "string" ? properties.within : null, at };
    default:
      return { what: "region", id: String(properties.id ?? feature.id), at };
  }
}
