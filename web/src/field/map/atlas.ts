/** The map of the records on the phone: the downloaded districts, and above them the records as this phone last knew them. */

import "maplibre-gl/dist/maplibre-gl.css";

import type { Feature, FeatureCollection, Point } from "geojson";
import { LngLatBounds, Map as MapLibre, setWorkerUrl, type GeoJSONSource, type LayerSpecification, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import type { LonLat } from "../../shared/api/types.ts";
import { putImages } from "../../map/images.ts";
import { FONT, localName, type Drawing } from "../../map/layer.ts";
import { COVERED, FILES, aroundNames, basemap, surroundings } from "../../map/layers/basemap.ts";
import { places } from "../../map/layers/places.ts";
import { water, waterNames } from "../../map/layers/water.ts";
import { SHARE } from "../../map/measure.ts";
import { paletteOf } from "../../map/palette.ts";
import type { GnssFix } from "../position/gnss.svelte.ts";
import { wordOf, type Shown } from "../shown.ts";
import type { AreaPackage } from "../store/db.ts";
import { tilesOf } from "./protocol.ts";

/**
 * MapLibre's worker is not controlled by the page's service worker, so its requests fail without network. Its program and
 * the base map are therefore read here and passed to it.
 */
async function read(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} returned ${response.status}`);
  return response;
}

const [program, ...files] = await Promise.all([
  read(workerUrl).then((response) => response.blob()),
  ...FILES.map(async (name) => [name, (await (await read(`/${name}.geojson`)).json()) as FeatureCollection] as const),
]);
const around = new Map(files);
setWorkerUrl(URL.createObjectURL(program));

const palette = paletteOf("light");
/** The deepest zoom of a package. */
const DEEPEST = 14;
const REACH = 22;

export interface Look {
  packages: readonly AreaPackage[];
  lang: string;
  label: string;
  /** The initial view; all districts if not set. */
  at?: LonLat | undefined;
}

export class FieldAtlas {
  readonly #map: MapLibre;
  #records: FeatureCollection<Point> = { type: "FeatureCollection", features: [] };
  #here: FeatureCollection<Point> = { type: "FeatureCollection", features: [] };
  #placed: boolean;
  onRecord: (id: string) => void = () => undefined;
  onIdle: () => void = () => undefined;

  constructor(container: HTMLElement, look: Look) {
    this.#placed = look.at !== undefined || look.packages.length > 0;
    this.#map = new MapLibre({
      container,
      style: styleOf(look),
      minZoom: 4,
      maxBounds: COVERED,
      maxZoom: 20,
      ...(look.at !== undefined ? { center: look.at, zoom: 17 } : this.#placed ? { bounds: boundsOf(look.packages), fitBoundsOptions: { padding: 16 } } : { center: [46.7, 39.8] as LonLat, zoom: 7 }),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      locale: { "Map.Title": look.label },
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.on("style.load", () => {
      putImages(this.#map, palette);
      this.#push("records");
      this.#push("here");
    });
    this.#map.on("idle", () => this.onIdle());
    // A thumb is wider than a symbol.
    this.#map.on("click", ({ point: { x, y } }) => {
      const [hit] = this.#map.queryRenderedFeatures([[x - REACH, y - REACH], [x + REACH, y + REACH]], { layers: ["records"] });
      const id: unknown = hit?.properties.id;
      if (typeof id === "string") this.onRecord(id);
    });
  }

  show(records: readonly Shown[]): void {
    this.#records = {
      type: "FeatureCollection",
      features: records.map(drawn),
    };
    this.#push("records");
  }

  here(fix: GnssFix | null): void {
    const features = fix === null ? [] : [{ type: "Feature" as const, geometry: { type: "Point" as const, coordinates: [...fix.at] }, properties: {} }];
    this.#here = { type: "FeatureCollection", features };
    this.#push("here");
    if (fix === null || this.#placed) return;
    this.#placed = true;
    this.goTo(fix.at);
  }

  goTo(at: LonLat): void {
    this.#map.jumpTo({ center: at, zoom: Math.max(15, this.#map.getZoom()) });
  }

  zoom(by: 1 | -1): void {
    this.#map.jumpTo({ zoom: this.#map.getZoom() + by });
  }

  remove(): void {
    this.#map.remove();
  }

  /** Passes one of the two sources to the map: a new position does not change the records, of which there may be thousands. */
  #push(name: "records" | "here"): void {
    void this.#map.getSource<GeoJSONSource>(name)?.setData(name === "here" ? this.#here : this.#records);
  }
}

/** A record as the server holds it. Items that only this phone reports as neutralised are drawn as detected, with a mark beside them. */
function drawn(shown: Shown): Feature<Point> {
  const { feature: { id, geometry, properties }, entry, claims } = shown;
  const word = wordOf(shown);
  const isOver = word === "neutralised" || word === "discounted";
  const mark = claims.length > 0 ? "?" : ["rejected", "deleted", "hidden"].includes(word) ? "×" : "";
  return { type: "Feature", geometry, properties: { id, status: isOver ? "neutralised" : "detected", kind: properties.kind, own: entry !== null, mark } };
}

function boundsOf(packages: readonly AreaPackage[]): LngLatBounds {
  const all = new LngLatBounds();
  for (const { bounds } of packages) all.extend(bounds);
  return all;
}

function styleOf({ packages, lang }: Look): StyleSpecification {
  const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
  const [first] = packages;
  const drawing: Drawing = { palette, lang, fullRing: 100, region: null, measure: SHARE, coarse: false, leaf: 0, turning: false, turnMs: 0 };
  return {
    version: 8,
    sources: {
      ...surroundings((file) => around.get(file) ?? { type: "FeatureCollection", features: [] }),
      ...Object.fromEntries(packages.map((area) => [area.id, { type: "vector", tiles: [tilesOf(area)], minzoom: 0, maxzoom: DEEPEST }])),
      records: empty,
      here: empty,
    },
    layers: [
      ...basemap.layers(drawing),
      // Each package has all districts: draw them from the first.
      ...(first === undefined ? [] : [ground(first.id)]),
      ...water.layers(drawing),
      ...(first === undefined ? [] : districts(first.id, lang)),
      ...aroundNames.layers(drawing),
      ...waterNames.layers(drawing),
      ...places.layers(drawing).filter((layer) => "source" in layer && layer.source === "towns"),
      ...packages.map(dealtWith),
      ...ownLayers(),
    ],
    transition: { duration: 0, delay: 0 },
  };
}

function ground(source: string): LayerSpecification {
  return { id: "land", type: "fill", source, "source-layer": "regions", paint: { "fill-color": palette.land } };
}

function districts(source: string, lang: string): LayerSpecification[] {
  return [
    {
      id: "district-lines",
      type: "line",
      source,
      "source-layer": "regions",
      filter: ["==", ["get", "level"], "district"],
      paint: { "line-color": palette.regionLine, "line-width": 1.4 },
    },
    {
      id: "district-names",
      type: "symbol",
      source,
      "source-layer": "region_labels",
      filter: ["==", ["get", "level"], "district"],
      layout: { "text-field": localName(lang), "text-font": FONT, "text-size": 14 },
      paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.6 },
    },
  ];
}

/** Cleared records are only in the tiles. Uncleared records are drawn from the phone's records, which are newer. */
function dealtWith({ id }: AreaPackage): LayerSpecification {
  return {
    id: `neutralised-${id}`,
    type: "symbol",
    source: id,
    "source-layer": "detections",
    minzoom: 10,
    filter: ["==", ["get", "status"], "neutralised"],
    layout: { "icon-image": "record-neutralised", "icon-size": 0.5, "icon-allow-overlap": true, "icon-ignore-placement": true },
  };
}

function ownLayers(): LayerSpecification[] {
  return [
    // A ring around records made on this phone.
    { id: "own", type: "circle", source: "records", filter: ["get", "own"], paint: { "circle-radius": 15, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": palette.ink, "circle-stroke-width": 3 } },
    {
      id: "records",
      type: "symbol",
      source: "records",
      layout: {
        "icon-image": ["concat", "record-", ["get", "status"], "-", ["get", "kind"]],
        "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.45, 14, 1],
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
    {
      id: "marks",
      type: "symbol",
      source: "records",
      filter: ["!=", ["get", "mark"], ""],
      layout: { "text-field": ["get", "mark"], "text-font": FONT, "text-size": 24, "text-offset": [0.9, -0.7], "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 3 },
    },
    // A ring, because the phone may be on top of a record.
    { id: "here", type: "circle", source: "here", paint: { "circle-radius": 22, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": palette.ink, "circle-stroke-width": 4 } },
  ];
}
