import { expression, featureFilter, validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import type { LayerSpecification } from "maplibre-gl";
import { expect, test, vi } from "vitest";

import { adapted, PREFIX } from "../../src/map/base/adapt.ts";
import { configOf } from "../../src/map/base/config.ts";
import { baseOf, type BaseMap } from "../../src/map/base/base.ts";
import { CELLS_FROM, FONT, FONT_STRONG, type Drawing } from "../../src/map/layer.ts";
import { SHARE } from "../../src/map/measure.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { layersOf, pageStyle } from "../../src/map/style.ts";

const HOST = "https://mines.example/";
const TILES = { kind: "protomaps", tiles: "/basemap/{z}/{x}/{y}.mvt", minzoom: 0, maxzoom: 15, attribution: '<a href="https://osm.org">© OpenStreetMap</a>', terrain: null };
const TERRAIN = { tiles: "/terrain/{z}/{x}/{y}.png", encoding: "terrarium", maxzoom: 12 };

const made = (json: unknown): Promise<BaseMap> => baseOf(configOf(json, HOST), (html) => html.replace(/<[^>]*>/g, ""));

function drawing(base: BaseMap, theme: "light" | "dark", lang: string): Drawing {
  return { palette: paletteOf(theme), lang, fullRing: 50, region: null, measure: SHARE, coarse: true, leaf: 0, turning: false, turnMs: 0, base };
}

function problems(base: BaseMap, theme: "light" | "dark", lang: string): string[] {
  const style = pageStyle("https://mines.example", drawing(base, theme, lang), "");
  return validateStyleMin({ ...style, sources: { ...style.sources, ...base.sources } }).map(({ message }) => message);
}

/** The text that a layer writes for a feature. */
function written(layer: LayerSpecification | undefined, properties: Record<string, string | number>): string {
  if (layer?.type !== "symbol") throw new Error("no text");
  const parsed = expression.createExpression(layer.layout?.["text-field"], "text-field");
  if (parsed.result === "error") throw new Error(parsed.value.map(({ message }) => message).join());
  return String(parsed.value.evaluate({ zoom: 12 }, { type: 1, properties, geometry: [] } as never));
}

test("the style with a base map is valid in both themes and every language of the page", async () => {
  for (const json of [TILES, { ...TILES, terrain: TERRAIN }, { kind: "raster", tiles: "https://tiles.example/{z}/{x}/{y}.png", attribution: "", terrain: TERRAIN }]) {
    const base = await made(json);
    for (const theme of ["light", "dark"] as const) for (const lang of ["en", "az", "ru"]) expect(problems(base, theme, lang), `${json.kind}, ${theme}, ${lang}`).toEqual([]);
  }
});

test("the two themes of a base map differ", async () => {
  const base = await made(TILES);
  expect(base.layers("light", "en")).not.toEqual(base.layers("dark", "en"));
});

test("names are in the language of the page, or else in English, and local where no other is known", async () => {
  const base = await made(TILES);
  const town = (lang: string): LayerSpecification | undefined => base.layers("light", lang).find(({ id }) => id === `${PREFIX}places_locality`);
  const names = { name: "Şuşa", "name:az": "Şuşa", "name:en": "Shusha", "name:ru": "Шуша" };
  expect(["az", "en", "ru"].map((lang) => written(town(lang), names).split("\n")[0])).toEqual(["Şuşa", "Shusha", "Шуша"]);
  expect(written(town("az"), { name: "Երևան", script: "Armenian", "name:en": "Yerevan" }).split("\n")[0]).toBe("Yerevan");
  expect(written(town("az"), { name: "Laçın" })).toBe("Laçın");
});

test("a base map needs no images and no fonts but ours", async () => {
  const text = JSON.stringify((await made(TILES)).layers("light", "az"));
  expect(text).not.toMatch(/"icon-/);
  expect(text).not.toMatch(/Noto|Regular|Italic/);
  expect(text).toContain(JSON.stringify(FONT));
  expect(text).toContain(JSON.stringify(FONT_STRONG));
});

test("the base map is above our ground, below everything recorded, and nowhere before districts have lost their colours", async () => {
  const base = await made({ ...TILES, terrain: TERRAIN });
  const layers = layersOf(drawing(base, "light", "en"));
  const at = (id: string): number => layers.findIndex((layer) => layer.id === id);
  const own = layers.flatMap(({ id }, i) => (id.startsWith(PREFIX) ? [i] : []));
  expect(own.length).toBeGreaterThan(30);
  const [first = 0, last = 0] = [own[0], own.at(-1)];
  expect(last - first).toBe(own.length - 1);
  expect(layers.slice(0, first).map(({ id }) => id)).toEqual(["water", "neighbours", "neighbour-lines", "land", "rivers", "lakes", "lake-lines"]);
  for (const id of ["districts", "district-lines", "coarse", "country-line", "cells", "records", "somewhere"]) expect(at(id), id).toBeGreaterThan(last);
  for (const i of own) expect(layers[i]?.minzoom ?? 0).toBeGreaterThanOrEqual(CELLS_FROM);
});

test("names that the base map has are not drawn twice", async () => {
  const ids = layersOf(drawing(await made(TILES), "light", "en")).map(({ id }) => id);
  for (const id of ["places", "place-dots", "places-around", "river-names", "lake-names"]) expect(ids).not.toContain(id);
  // Farther away the base map is not drawn.
  for (const id of ["places-abroad", "lake-names-far", "district-labels"]) expect(ids).toContain(id);
});

test("the relief lies on the ground and below water and roads", async () => {
  const ids = (await made({ ...TILES, terrain: TERRAIN })).layers("light", "en").map(({ id }) => id);
  const relief = ids.indexOf(`${PREFIX}relief`);
  expect(relief).toBeGreaterThan(ids.indexOf(`${PREFIX}earth`));
  for (const above of ["water", "roads_major", "places_locality"]) expect(ids.indexOf(PREFIX + above), above).toBeGreaterThan(relief);
});

test("layers of another style keep what they draw without images and lose the rest", () => {
  const symbol = { id: "s", type: "symbol", source: "o", "source-layer": "l", layout: { "icon-image": "dot", "text-field": ["get", "name"], "text-font": ["Open Sans Bold"] }, paint: { "icon-opacity": 0.5, "text-color": "#123456" } } as LayerSpecification;
  expect(adapted(symbol)).toMatchObject({ id: `${PREFIX}s`, layout: { "text-field": ["get", "name"], "text-font": FONT_STRONG }, paint: { "text-color": "#123456" } });
  expect(JSON.stringify(adapted(symbol))).not.toContain("icon-");
  expect(adapted({ id: "a", type: "symbol", source: "o", layout: { "icon-image": "arrow" } })).toBeNull();
  expect(adapted({ id: "f", type: "fill", source: "o", paint: { "fill-pattern": "wood" } })).toBeNull();
  expect(adapted({ id: "far", type: "fill", source: "o", maxzoom: 6 })).toBeNull();
  const filter = adapted({ id: "n", type: "line", source: "o", filter: ["==", ["get", "kind"], "major"] });
  expect(filter !== null && "filter" in filter && featureFilter(filter.filter, "n").filter({ zoom: 12 }, { type: 2, properties: { kind: "major" } })).toBe(true);
});

test("a style becomes a base map with names of its own, and its relative addresses are of its host", async () => {
  const style = { version: 8, sources: { osm: { type: "vector", tiles: ["tiles/{z}/{x}/{y}.pbf"] }, far: { type: "vector", url: "/osm.json" } }, layers: [{ id: "roads", type: "line", source: "osm", "source-layer": "roads" }] };
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(style))));
  const base = await made({ kind: "style", url: "https://maps.example/styles/quiet.json" });
  vi.unstubAllGlobals();
  expect(base.sources).toEqual({
    [`${PREFIX}osm`]: { type: "vector", tiles: ["https://maps.example/styles/tiles/{z}/{x}/{y}.pbf"] },
    [`${PREFIX}far`]: { type: "vector", url: "https://maps.example/osm.json" },
  });
  expect(base.layers("light", "en")).toEqual([{ id: `${PREFIX}roads`, type: "line", source: `${PREFIX}osm`, "source-layer": "roads", minzoom: CELLS_FROM }]);
  expect(problems(base, "light", "en")).toEqual([]);
});

test("a description that is not one is refused with its reason", () => {
  expect(() => configOf(null, HOST)).toThrow("not an object");
  expect(() => configOf({ kind: "globe" }, HOST)).toThrow("kind globe is unknown");
  expect(() => configOf({ kind: "raster" }, HOST)).toThrow("no tiles");
  expect(() => configOf({ ...TILES, maxzoom: "15" }, HOST)).toThrow("maxzoom of the base map is not a number");
  expect(configOf(TILES, HOST)).toMatchObject({ tiles: "https://mines.example/basemap/{z}/{x}/{y}.mvt" });
});
