/**
 * The map on the page: created once, then notified of changes (theme, language, filters, figures, region, tiles). It depends
 * on MapLibre and the layers, not on any component.
 */

import "maplibre-gl/dist/maplibre-gl.css";

import type { FeatureCollection, Point } from "geojson";
import { Map as MapLibre, setWorkerUrl, type GeoJSONSource, type MapGeoJSONFeature, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import { KINDS, type Bounds, type LonLat, type Region, type TileAddress } from "../shared/api/types.ts";
import { touched } from "../state/ancestry.ts";
import type { BaseMap } from "./base/base.ts";
import { putImages } from "./images.ts";
import { OUTCOMES, outcomeOf } from "../collections/accidents/outcome.ts";
import { LEAVES, type Drawing, type Marks } from "./layer.ts";
import { GLYPHS_FROM } from "../collections/detections/layers/records.ts";
import { COARSE_FROM } from "../collections/detections/layers/coarse.ts";
import { LAST_ZOOM } from "../collections/detections/marks/levels.ts";
import { serveMarks } from "../collections/detections/marks/protocol.ts";
import { COVERED } from "./layers/basemap.ts";
import { hitOf, type Hit } from "./hit.ts";
import { NO_DATA } from "./layers/districts.ts";
import { roundScale, stepBy, type Measure } from "./measure.ts";
import { deepest, layersOf, pageStyle, recordSource, recordTiles, tileUrl } from "./style.ts";

setWorkerUrl(workerUrl);
serveMarks();

/** A fade ends with the first frame after its duration. */
const FRAME_MS = 34;

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export interface Settled {
  zoom: number;
  center: LonLat;
  /** The bounding box of the visible map. */
  bounds: Bounds;
  /** The districts at least partly in view, as far as they are loaded. */
  districts: ReadonlySet<string>;
}

export class Atlas {
  readonly map: MapLibre;
  /** The desired state, and what the map draws so far. */
  #drawing: Drawing;
  #drawn: Drawing;
  /** The query whose records are shown. */
  #query: string;
  /** Counts the requests for other records: a newer request cancels an earlier one. */
  #turns = 0;
  /** The query loading behind the records shown. */
  #behind: { query: string; filled: Promise<void> } | null = null;
  /** The previous source has been removed. */
  #turned: Promise<void> = Promise.resolve();
  /** Whether the ring scale may shrink: not during playback, or the years could not be compared. */
  #mayShrink = true;
  #labels: FeatureCollection<Point> = { type: "FeatureCollection", features: [] };
  #steps = new Map<string, number>();
  /** The covered margin along each edge of the map. */
  covered: () => Padding = () => ({ top: 0, right: 0, bottom: 0, left: 0 });
  onHit: (hit: Hit | null) => void = () => undefined;
  onSettled: (settled: Settled) => void = () => undefined;
  onIdle: () => void = () => undefined;
  /** The visible kinds of marks. */
  onMarks: (marks: Marks) => void = () => undefined;
  onScale: (fullRing: number) => void = () => undefined;

  /** `density`: the pixels per CSS pixel of a map that is only a picture. */
  constructor(container: HTMLElement, drawing: Drawing, query: string, start: { center: LonLat; zoom: number } | null, label: string, density?: number) {
    this.#drawing = this.#drawn = drawing;
    this.#query = query;
    this.map = new MapLibre({
      container,
      style: pageStyle(location.origin, drawing, query),
      center: start?.center ?? [47.6, 40.2],
      zoom: start?.zoom ?? 6.6,
      minZoom: 4,
      maxBounds: COVERED,
      maxZoom: LAST_ZOOM,
      attributionControl: false,
      // For a picture of the map.
      ...(density === undefined ? {} : { interactive: false, pixelRatio: density }),
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      // Drop tiles out of view: one kept from before a change would reappear unchanged.
      maxTileCacheSize: 0,
      // Replace a label at once when its number changes: fading would make all of them flicker.
      fadeDuration: 0,
      locale: { "Map.Title": label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.on("style.load", () => {
      putImages(this.map, this.#drawn.palette);
      this.#pushLabels();
      this.#pushSteps();
    });
    this.map.on("moveend", () => {
      this.#mayShrink = true;
      this.settle();
    });
    this.map.on("idle", () => {
      this.settle();
      this.onMarks(this.#marks());
      const fits = this.#fitScale();
      this.#mayShrink = !isPast(this.#query);
      // Otherwise the rings are drawn once more before the map settles.
      if (fits) this.onIdle();
    });
    this.map.on("click", (event) => {
      const reach = 5;
      const { x, y } = event.point;
      const marks = this.map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: this.#present(["accidents", ...asked(this.#leaf.suffix)]) });
      const under = this.map.queryRenderedFeatures(event.point, { layers: this.#present(["districts"]) });
      const mark = marks.find(({ sourceLayer }) => sourceLayer === "accidents" || sourceLayer === "detections") ?? marks[0];
      const near = this.#drawing.coarse && this.map.getZoom() >= COARSE_FROM;
      this.onHit(hitOf(mark ?? under[0], [event.lngLat.lng, event.lngLat.lat], near));
    });
    for (const layer of ["accidents", ...LEAVES.flatMap(({ suffix }) => asked(suffix)), "districts"]) {
      this.map.on("mouseenter", layer, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => (this.map.getCanvas().style.cursor = ""));
    }
  }

  /** Redraws with another theme, language, chosen region or scale. Sources and loaded tiles stay. */
  redraw(change: Partial<Drawing>): void {
    this.#drawing = { ...this.#drawing, ...change };
    this.#whenReady(() => this.#apply());
  }

  /** Draws an operator's base map below everything else. */
  addBase(base: BaseMap): void {
    this.#whenReady(() => {
      for (const [name, source] of Object.entries(base.sources)) this.map.addSource(name, source);
      this.redraw({ base });
    });
  }

  /** Applies the differences between the desired and the drawn state, layer by layer and property by property. */
  #apply(): void {
    const before = new Map(layersOf(this.#drawn).map((layer) => [layer.id, layer]));
    const wanted = layersOf(this.#drawing);
    if (this.#drawn.palette !== this.#drawing.palette) putImages(this.map, this.#drawing.palette);
    this.#drawn = this.#drawing;
    for (const id of before.keys()) if (!wanted.some((layer) => layer.id === id)) this.map.removeLayer(id);
    // From the top, so that the layer above a new one already exists.
    for (const [i, layer] of [...wanted.entries()].reverse()) {
      const old = before.get(layer.id);
      if (old === undefined) {
        this.map.addLayer(layer, wanted[i + 1]?.id);
        continue;
      }
      for (const [name, value] of changed(old.paint, layer.paint)) this.map.setPaintProperty(layer.id, name as never, value as never);
      for (const [name, value] of changed(old.layout, layer.layout)) this.map.setLayoutProperty(layer.id, name as never, value as never);
      if ("filter" in layer && (!("filter" in old) || !same(old.filter, layer.filter))) this.map.setFilter(layer.id, layer.filter);
    }
  }

  /**
   * Loads the records of another query behind those shown. When everything for the view is loaded, resolves with the
   * function that switches to it; does nothing if a newer request came meanwhile.
   */
  async turn(query: string): Promise<() => void> {
    const mine = (this.#turns += 1);
    const overtaken = (): boolean => mine !== this.#turns;
    await this.#turned;
    if (!this.#ready()) await this.map.once("style.load");
    if (overtaken()) return () => undefined;
    if (this.#behind?.query !== query) {
      this.#drop();
      if (query !== this.#query) this.#load(query);
    }
    if (this.#behind === null) return () => undefined;
    await this.#behind.filled;
    return () => {
      if (!overtaken()) this.#turnTo(query);
    };
  }

  /** Create a new source for every query: one that changes its address may keep tiles still loading. */
  #load(query: string): void {
    const { source } = this.#back;
    this.map.addSource(source, recordSource(location.origin, query, deepest(this.#drawing)));
    this.redraw({ turning: true });
    const filled = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#behind?.filled === filled && !this.map.isSourceLoaded(source)) return;
        this.map.off("idle", look);
        resolve();
      };
      this.map.on("idle", look);
    });
    this.#behind = { query, filled };
  }

  #turnTo(query: string): void {
    this.#behind = null;
    this.#query = query;
    this.#mayShrink = !isPast(query);
    this.redraw({ leaf: this.#drawing.leaf === 0 ? 1 : 0 });
    this.#turned = new Promise((resolve) => setTimeout(resolve, this.#drawing.turnMs + FRAME_MS)).then(() => this.#drop());
  }

  /** Removes the hidden source: cancelled, or switched away from. */
  #drop(): void {
    this.#behind = null;
    this.redraw({ turning: false });
    const { source } = this.#back;
    if (this.map.getSource(source) !== undefined) this.map.removeSource(source);
  }

  /** Colours the districts by a measure of these figures, and labels them. */
  show(regions: readonly Region[], measure: Measure, label: (region: Region) => { name: string; quantity: number; count: string }): void {
    const districts = regions.filter((region) => region.level === "district");
    this.#steps = new Map(districts.map(({ id, recorded }) => [id, stepBy(measure, recorded) ?? NO_DATA]));
    this.#labels = {
      type: "FeatureCollection",
      features: districts.map((region) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: region.label },
        properties: { ...label(region), step: this.#steps.get(region.id) ?? NO_DATA },
      })),
    };
    this.redraw({ measure });
    this.#whenReady(() => {
      this.#pushLabels();
      this.#pushSteps();
    });
  }

  /** Reloads the tiles that a change affects; null reloads all tiles of the records. */
  refresh(tiles: readonly TileAddress[] | null): void {
    if (!this.#ready()) return;
    if (tiles === null) {
      const { source } = this.#leaf;
      this.map.getSource<VectorTileSource>(source)?.setTiles([recordTiles(location.origin, this.#query, deepest(this.#drawing))]);
      return;
    }
    const most = deepest(this.#drawing);
    const zoom = Math.min(most, Math.floor(this.map.getZoom()));
    const again = touched(tiles, this.bounds(), [zoom, Math.min(most, zoom + 1)]);
    for (const { source } of LEAVES) if (this.map.getSource(source) !== undefined) this.map.refreshTiles(source, again);
  }

  /** Reloads the tiles of the accidents. */
  refreshAccidents(): void {
    this.map.getSource<VectorTileSource>("accidents")?.setTiles([tileUrl(location.origin, "accidents")]);
  }

  go(goal: { bounds: Bounds } | { center: LonLat; zoom: number }, padding: Padding, animate: boolean): void {
    const duration = animate && !matchMedia("(prefers-reduced-motion: reduce)").matches ? 600 : 0;
    if ("bounds" in goal) this.map.fitBounds(goal.bounds, { padding, duration, maxZoom: 12 });
    else this.map.easeTo({ center: goal.center, zoom: goal.zoom, padding: { top: 0, right: 0, bottom: 0, left: 0 }, duration });
  }

  /** Pans a point into the part of the map not covered by panels. */
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
    // `style.load` applies the newest labels, steps and query anyway.
    else this.map.once("style.load", then);
  }

  #present(layers: readonly string[]): string[] {
    return layers.filter((layer) => this.map.getLayer(layer) !== undefined);
  }

  get #leaf(): (typeof LEAVES)[number] {
    return LEAVES[this.#drawing.leaf];
  }

  get #back(): (typeof LEAVES)[number] {
    return LEAVES[this.#drawing.leaf === 0 ? 1 : 0];
  }

  #pushLabels(): void {
    void this.map.getSource<GeoJSONSource>("labels")?.setData(this.#labels);
  }

  #pushSteps(): void {
    for (const [id, step] of this.#steps) {
      this.map.setFeatureState({ source: "regions", sourceLayer: "regions", id }, { step });
    }
  }

  /** Tells what is in view. */
  settle(): void {
    const { lng, lat } = this.map.getCenter();
    const [upperLeft, lowerRight] = this.#seen().map((corner) => this.map.unproject(corner));
    const bounds: Bounds = upperLeft === undefined || lowerRight === undefined ? this.bounds() : [upperLeft.lng, lowerRight.lat, lowerRight.lng, upperLeft.lat];
    this.onSettled({ zoom: this.map.getZoom(), center: [lng, lat], bounds, districts: this.#districts() });
  }

  /** The uncovered part of the map, from upper left to lower right; the whole map on a tiny screen. */
  #seen(): [[number, number], [number, number]] {
    const { top, right, bottom, left } = this.covered();
    const { clientWidth: width, clientHeight: height } = this.map.getCanvas();
    return width - right > left && height - bottom > top ? [[left, top], [width - right, height - bottom]] : [[0, 0], [width, height]];
  }

  #districts(): ReadonlySet<string> {
    return new Set(this.map.queryRenderedFeatures(this.#seen(), { layers: this.#present(["land"]) }).map(({ id, properties }) => String(properties.id ?? id)));
  }

  #marks(): Marks {
    const { suffix } = this.#leaf;
    const drawn = (layer: string): MapGeoJSONFeature[] => this.map.queryRenderedFeatures(this.#seen(), { layers: this.#present([layer]) });
    const symbols = drawn(`records${suffix}`);
    const records = symbols.map(({ properties }) => String(properties.status));
    const kinds = new Set(this.map.getZoom() < GLYPHS_FROM ? [] : symbols.map(({ properties }) => String(properties.kind)));
    const accidents = new Set(drawn("accidents").map(({ properties }) => outcomeOf(properties)));
    const near = this.#drawing.coarse && this.map.getZoom() >= COARSE_FROM;
    return {
      // Close up, purely uncleared marks are drawn as areas instead.
      rings: drawn(`cells${suffix}`).some(({ properties }) => !near || Number(properties.neutralised ?? 0) > 0),
      areas: near && drawn(`coarse${suffix}`).length > 0,
      detected: records.includes("detected"),
      neutralised: records.includes("neutralised"),
      glyphs: KINDS.filter((kind) => kinds.has(kind)),
      accidents: OUTCOMES.filter((outcome) => accidents.has(outcome)),
    };
  }

  /** The fullest cell in view sets the scale of the rings, and the legend shows its number. Returns whether the scale was unchanged. */
  #fitScale(): boolean {
    const found = this.map.querySourceFeatures(this.#leaf.source, { sourceLayer: "cells" });
    if (found.length === 0) return true;
    const most = found.reduce((max, { properties }) => Math.max(max, Number(properties.quantity ?? properties.records ?? 0)), 0);
    const scale = roundScale(most);
    // Shrink only if the marks would become much too small: panning must not make them flicker.
    const now = this.#drawing.fullRing;
    if (scale === now || (scale < now && (scale * 4 > now || !this.#mayShrink))) return true;
    this.redraw({ fullRing: scale });
    this.onScale(scale);
    return false;
  }
}

/** The layers whose marks can be queried, topmost first. */
function asked(suffix: string): string[] {
  return [`records${suffix}`, `cells${suffix}`, `somewhere${suffix}`, `coarse${suffix}`];
}

function isPast(query: string): boolean {
  return new URLSearchParams(query).has("as_of");
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The properties that changed. */
function changed(before: object | undefined, after: object | undefined): [string, unknown][] {
  const old = new Map<string, unknown>(Object.entries(before ?? {}));
  return Object.entries(after ?? {}).filter(([name, value]) => !same(old.get(name), value));
}
