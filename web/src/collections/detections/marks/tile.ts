/** Reads the marks of a tile of detections, joins those that would hide each other, and writes the tile again. Pure. */

import Point from "@mapbox/point-geometry";
import { VectorTile, type VectorTileLayer } from "@mapbox/vector-tile";
import { fromVectorTileJs, type VectorTileFeatureLike, type VectorTileLayerLike } from "@maplibre/vt-pbf";
import { PbfReader } from "pbf";

import { KINDS } from "../../../shared/api/types.ts";
import { CELLS_FROM } from "../../../map/layer.ts";
import { single, type Mark } from "./gather.ts";
import { listed } from "./members.ts";
import { LAST_ZOOM, levels, type Shown } from "./levels.ts";

/** The width of a tile in pixels at its own zoom. */
const TILE_PX = 512;

type Properties = Record<string, number | string | boolean>;
interface Feature {
  properties: Properties;
  at: Point;
}

function featuresOf(layer: VectorTileLayer | undefined): Feature[] {
  return Array.from({ length: layer?.length ?? 0 }, (_, i) => layer?.feature(i)).flatMap((feature) => {
    const at = feature?.loadGeometry()[0]?.[0];
    return feature === undefined || at === undefined ? [] : [{ properties: feature.properties, at }];
  });
}

/** A tile as the map draws it; the same bytes if no mark hides another. */
export function gathered(bytes: ArrayBuffer, zoom: number, deepest: number): ArrayBuffer {
  if (zoom < CELLS_FROM || bytes.byteLength === 0) return bytes;
  const { cells, detections } = new VectorTile(new PbfReader(new Uint8Array(bytes))).layers;
  const extent = detections?.extent ?? cells?.extent ?? 4096;
  const px = TILE_PX / extent;
  const records = featuresOf(detections);
  const byId = new Map(records.map((each) => [String(each.properties.id), each]));
  // Counts somewhere in a district are drawn apart, at the district's label.
  const [vague, counted] = split(featuresOf(cells), ({ properties }) => "within" in properties);
  const marks = [
    ...counted.map(({ properties, at }) => ofCell(properties, at.x * px, at.y * px)),
    ...records.map(({ properties, at }) => ofRecord(properties, at.x * px, at.y * px)),
  ];
  const shown = levels(marks, zoom, deepest);
  if (shown.length === marks.length && shown.every(({ mark }) => mark.records === 1 || mark.members.length === 0)) return bytes;
  const [alone, rings] = split(shown, ({ mark }) => mark.records === 1 && mark.members.length === 1);
  const layers = [
    layerOf("cells", extent, [...vague, ...rings.map((each) => ({ properties: toCell(each), at: new Point(each.mark.x / px, each.mark.y / px) }))]),
    layerOf("detections", extent, alone.flatMap((each) => {
      const record = byId.get(each.mark.members[0]?.id ?? "");
      return record === undefined ? [] : [{ at: record.at, properties: { ...record.properties, ...zooms(each) } }];
    })),
  ];
  const written = fromVectorTileJs({ layers: Object.fromEntries(layers.map((layer) => [layer.name, layer])) });
  return new Uint8Array(written).buffer;
}

function split<T>(all: readonly T[], is: (each: T) => boolean): [T[], T[]] {
  return [all.filter((each) => is(each)), all.filter((each) => !is(each))];
}

function ofRecord(properties: Properties, x: number, y: number): Mark {
  const { id, status, kind, quantity } = properties;
  return single(x, y, { id: String(id), status: String(status), kind: String(kind), quantity: Number(quantity ?? 1) });
}

function ofCell(properties: Properties, x: number, y: number): Mark {
  const count = (name: string): number => Number(properties[name] ?? 0);
  return {
    x,
    y,
    records: count("records"),
    quantity: count("quantity"),
    detected: count("detected"),
    neutralised: count("neutralised"),
    kinds: new Map(KINDS.flatMap((kind) => (count(kind) > 0 ? [[kind, count(kind)] as const] : []))),
    members: [],
  };
}

/** The zooms, where they limit the mark. */
function zooms({ from, to }: Shown): Properties {
  return { ...(from > 0 ? { from } : {}), ...(to < LAST_ZOOM ? { to } : {}) };
}

function toCell(shown: Shown): Properties {
  const { records, quantity, detected, neutralised, kinds, members } = shown.mark;
  return { records, quantity, detected, neutralised, ...Object.fromEntries(kinds), ...zooms(shown), ...listed(members, records) };
}

function layerOf(name: string, extent: number, features: readonly Feature[]): VectorTileLayerLike {
  const feature = (i: number): VectorTileFeatureLike => {
    const each = features[i];
    if (each === undefined) throw new Error(`the layer ${name} has ${features.length} features`);
    return { type: 1, id: undefined, extent, properties: each.properties, loadGeometry: () => [[each.at]] };
  };
  return { version: 2, name, extent, length: features.length, feature };
}
