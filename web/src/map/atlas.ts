/**
 * The map on the page: made once, then told what changed (theme, language, filters, figures, region, tiles).
 * It knows MapLibre and the layers; it knows no component.
 */

import "maplibre-gl/dist/maplibre-gl.css";

import type { FeatureCollection, Point } from "geojson";
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapGeoJSONFeature, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import type { Bounds, LonLat, Region, TileAddress } from "../api/types.ts";
import { touched } from "../state/ancestry.ts";
import { putImages } from "./images.ts";
import type { Drawing } from "./layer.ts";
import { roundScale } from "./layers/cells.ts";
import { DEEPEST, layersOf, pageStyle, tileUrl } from "./style.ts";

setWorkerUrl(workerUrl);

/** What lies under a click, the topmost first. */
export type Hit =
  | { what: "record"; id: string; at: LonLat }
  | { what: "cell"; items: number; records: number; detected: number; neutralised: number; at: LonLat }
  | { what: "region"; id: string; at: LonLat };

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Settled {
  zoom: number;
  center: LonLat;
  bounds: Bounds;
}

const RECORD_SOURCES = ["detections"] as const;

export class Atlas {
  readonly map: MapLibre;
  /** What is wanted, and what the map draws so far. */
  #drawing: Drawing;
  #drawn: Drawing;
  #query: string;
  #labels: FeatureCollection<Point> = { type: "FeatureCollection", features: [] };
  #shares = new Map<string, number>();
  onHit: (hit: Hit | null) => void = () => undefined;
  onSettled: (settled: Settled) => void = () => undefined;
  onIdle: () => void = () => undefined;
  /** Whether there are rings in view at all. */
  onCells: (some: boolean) => void = () => undefined;
  onScale: (fullRing: number) => void = () => undefined;

  constructor(container: HTMLElement, drawing: Drawing, query: string, start: { center: LonLat; zoom: number } | null, label: string) {
    this.#drawing = this.#drawn = drawing;
    this.#query = query;
    this.map = new MapLibre({
      container,
      style: pageStyle(location.origin, drawing, query),
      center: start?.center ?? [47.6, 40.2],
      zoom: start?.zoom ?? 6.6,
      minZoom: 4,
      maxZoom: 20,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      // Tiles out of view are dropped: one kept from before a change would come back as it was.
      maxTileCacheSize: 0,
      fadeDuration: 160,
      locale: { "Map.Title": label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("style.load", () => {
      putImages(this.map, this.#drawn.palette);
      this.#pushLabels();
      this.#pushShares();
    });
    this.map.on("moveend", () => this.#settled());
    this.map.on("idle", () => {
      this.#settled();
      this.#fitScale();
      this.onIdle();
    });
    this.map.on("click", (event) => {
      const reach = 5;
      const { x, y } = event.point;
      const marks = this.map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: this.#present(["records", "cells"]) });
      const under = this.map.queryRenderedFeatures(event.point, { layers: this.#present(["districts"]) });
      this.onHit(hitOf(marks[0] ?? under[0], [event.lngLat.lng, event.lngLat.lat]));
    });
    for (const layer of ["records", "cells", "districts"]) {
      this.map.on("mouseenter", layer, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => (this.map.getCanvas().style.cursor = ""));
    }
  }

  /** Draws differently: theme, language, chosen region, scale. Sources and loaded tiles stay. */
  redraw(change: Partial<Drawing>): void {
    this.#drawing = { ...this.#drawing, ...change };
    this.#whenReady(() => this.#apply());
  }

  /** Brings the map from what it draws to what it should, property by property. */
  #apply(): void {
    const before = new Map(layersOf(this.#drawn).map((layer) => [layer.id, layer]));
    if (this.#drawn.palette !== this.#drawing.palette) putImages(this.map, this.#drawing.palette);
    this.#drawn = this.#drawing;
    for (const layer of layersOf(this.#drawing)) {
      const old = before.get(layer.id);
      for (const [name, value] of changed(old?.paint, layer.paint)) this.map.setPaintProperty(layer.id, name as never, value as never);
      for (const [name, value] of changed(old?.layout, layer.layout)) this.map.setLayoutProperty(layer.id, name as never, value as never);
      if ("filter" in layer && (old === undefined || !("filter" in old) || !same(old.filter, layer.filter))) this.map.setFilter(layer.id, layer.filter);
    }
  }

  /** Narrows the tiles to what the filters leave. */
  narrow(query: string): void {
    if (query === this.#query) return;
    this.#query = query;
    this.#whenReady(() => this.#tilesAnew());
  }

  /** Colours and labels the districts by these figures. */
  show(regions: readonly Region[], label: (region: Region) => { name: string; quantity: number; count: string }): void {
    const districts = regions.filter((region) => region.level === "district");
    this.#shares = new Map(
      districts.map(({ id, recorded }) => [id, recorded.quantity > 0 ? recorded.neutralised.quantity / recorded.quantity : -1]),
    );
    this.#labels = {
      type: "FeatureCollection",
      features: districts.map((region) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: region.label },
        properties: { ...label(region), share: this.#shares.get(region.id) ?? -1 },
      })),
    };
    this.#whenReady(() => {
      this.#pushLabels();
      this.#pushShares();
    });
  }

  /** Fetches again what a change touched; null: every tile of the records. */
  refresh(tiles: readonly TileAddress[] | null): void {
    if (!this.#ready()) return;
    if (tiles === null) {
      this.#tilesAnew();
      return;
    }
    const zoom = Math.min(DEEPEST, Math.floor(this.map.getZoom()));
    const again = touched(tiles, this.bounds(), [zoom, Math.min(DEEPEST, zoom + 1)]);
    for (const source of RECORD_SOURCES) this.map.refreshTiles(source, again);
  }

  go(goal: { bounds: Bounds } | { center: LonLat; zoom: number }, padding: Padding, animate: boolean): void {
    const duration = animate && !matchMedia("(prefers-reduced-motion: reduce)").matches ? 600 : 0;
    if ("bounds" in goal) this.map.fitBounds(goal.bounds, { padding, duration, maxZoom: 12 });
    else this.map.easeTo({ center: goal.center, zoom: goal.zoom, padding: { top: 0, right: 0, bottom: 0, left: 0 }, duration });
  }

  /** Brings a point into the part of the map that no panel covers. */
  goTo(center: LonLat, zoom: number, padding: Padding): void {
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 600;
    const offset: [number, number] = [(padding.left - padding.right) / 2, (padding.top - padding.bottom) / 2];
    this.map.easeTo({ center, zoom, offset, duration });
  }

  bounds(): Bounds {
    const box = this.map.getBounds();
    return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
  }

  #ready(): boolean {
    return this.map.getLayer("districts") !== undefined;
  }

  #whenReady(then: () => void): void {
    if (this.#ready()) then();
    // On `style.load` the newest labels, shares and query are put in place anyway.
    else this.map.once("style.load", then);
  }

  #present(layers: readonly string[]): string[] {
    return layers.filter((layer) => this.map.getLayer(layer) !== undefined);
  }

  #tilesAnew(): void {
    const source = this.map.getSource<VectorTileSource>("detections");
    source?.setTiles([tileUrl(location.origin, "detections", this.#query)]);
  }

  #pushLabels(): void {
    void this.map.getSource<GeoJSONSource>("labels")?.setData(this.#labels);
  }

  #pushShares(): void {
    for (const [id, share] of this.#shares) {
      this.map.setFeatureState({ source: "regions", sourceLayer: "regions", id }, { share });
    }
  }

  #settled(): void {
    const { lng, lat } = this.map.getCenter();
    this.onSettled({ zoom: this.map.getZoom(), center: [lng, lat], bounds: this.bounds() });
  }

  /** The fullest cell in view sets the scale of the rings; the legend says which number that is. */
  #fitScale(): void {
    const found = this.map.querySourceFeatures("detections", { sourceLayer: "cells" });
    this.onCells(found.length > 0);
    if (found.length === 0) return;
    const most = found.reduce((max, { properties }) => Math.max(max, Number(properties.quantity ?? properties.records ?? 0)), 0);
    const scale = roundScale(most);
    // Shrinks only when the marks would become much too small: panning must not make them flicker.
    const now = this.#drawing.fullRing;
    if (scale <= now && scale * 4 > now) return;
    this.redraw({ fullRing: scale });
    this.onScale(scale);
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The properties that are not as they were. */
function changed(before: object | undefined, after: object | undefined): [string, unknown][] {
  const old = new Map<string, unknown>(Object.entries(before ?? {}));
  return Object.entries(after ?? {}).filter(([name, value]) => !same(old.get(name), value));
}

function hitOf(feature: MapGeoJSONFeature | undefined, clicked: LonLat): Hit | null {
  if (feature === undefined) return null;
  const { properties, geometry } = feature;
  const at: LonLat = geometry.type === "Point" ? [geometry.coordinates[0] ?? clicked[0], geometry.coordinates[1] ?? clicked[1]] : clicked;
  const number = (name: string): number => Number(properties[name] ?? 0);
  switch (feature.layer.id) {
    case "records":
      return { what: "record", id: String(properties.id ?? feature.id), at };
    case "cells":
      return { what: "cell", items: number("quantity"), records: number("records"), detected: number("detected"), neutralised: number("neutralised"), at };
    default:
      return { what: "region", id: String(properties.id ?? feature.id), at };
  }
}
