import { readFileSync } from "node:fs";

import type { FeatureCollection, Geometry, Position } from "geojson";
import { expect, test } from "vitest";

import type { Drawing } from "../../src/map/layer.ts";
import { COVERED, FILES, basemap } from "../../src/map/layers/basemap.ts";
import { RIVERS_TO } from "../../src/map/layers/water.ts";
import { SHARE } from "../../src/map/measure.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { layersOf } from "../../src/map/style.ts";

type Properties = Record<string, unknown>;

function textOf(folder: string, name: string): string {
  return readFileSync(new URL(`../../${folder}/${name}.geojson`, import.meta.url), "utf8");
}

function contents(name: string): FeatureCollection<Geometry, Properties> {
  return JSON.parse(textOf("public", name)) as FeatureCollection<Geometry, Properties>;
}

function rings({ geometry }: { geometry: Geometry }): Position[][] {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

const drawing: Drawing = { palette: paletteOf("light"), lang: "az", fullRing: 50, region: null, measure: SHARE, coarse: true, leaf: 0, turning: false, turnMs: 0 };
const ids = layersOf(drawing).map(({ id }) => id);

test("the page has the same surroundings as the data folder", () => {
  for (const name of FILES) expect(textOf("public", name) === textOf("../data", name), name).toBe(true);
});

test("the land reaches the edge of what the map can show, and has no straight edge inside", () => {
  const [west, south, east, north] = COVERED;
  const corners = contents("basemap").features.flatMap(rings).flat();
  const lons = corners.map(([lon]) => lon ?? 0);
  const lats = corners.map(([, lat]) => lat ?? 0);
  const least = (all: number[]): number => all.reduce((a, b) => Math.min(a, b));
  const most = (all: number[]): number => all.reduce((a, b) => Math.max(a, b));
  expect([least(lons), least(lats), most(lons), most(lats)]).toEqual([west, south, east, north]);
  // Once the data ended here: an edge along one of these lines would be seen.
  for (const ring of contents("basemap").features.flatMap(rings)) {
    ring.slice(1).forEach(([lon = 0, lat = 0], i) => {
      const [lonBefore = 0, latBefore = 0] = ring[i] ?? [];
      const isEdge = (lon === lonBefore && [42.5, 52].includes(lon) && Math.abs(lat - latBefore) > 0.2) || (lat === latBefore && [37, 43].includes(lat) && Math.abs(lon - lonBefore) > 0.2);
      expect(isEdge, `from ${lonBefore}, ${latBefore} to ${lon}, ${lat}`).toBe(false);
    });
  }
});

test("rivers and lakes are above the ground and below every figure", () => {
  for (const id of ["rivers", "lakes"]) {
    expect(ids.indexOf(id)).toBeGreaterThan(ids.indexOf("land"));
    for (const above of ["districts", "no-data", "coarse", "cells", "records"]) expect(ids.indexOf(id), above).toBeLessThan(ids.indexOf(above));
  }
});

test("rivers end where their error would show, and summits have their metres", () => {
  const rivers = layersOf(drawing).find(({ id }) => id === "rivers");
  expect(rivers?.maxzoom).toBe(RIVERS_TO);
  const peaks = contents("water").features.filter(({ properties }) => properties.class === "peak");
  expect(peaks.length).toBeGreaterThan(3);
  for (const { properties } of peaks) expect(properties.elevation_m).toBeGreaterThan(3000);
});

test("every name of a river, lake or summit is in the three languages of the page", () => {
  for (const { properties } of contents("water").features) {
    if (properties.name === undefined) continue;
    for (const key of ["name", "name_az", "name_ru"]) expect(properties[key], JSON.stringify(properties.name)).toMatch(/\S/);
    expect(properties.name_ru).toMatch(/^[А-ЯЁа-яё -]+$/);
  }
});

test("no town is also a place that the server draws", () => {
  const { places } = JSON.parse(readFileSync(new URL("../../../data/places.json", import.meta.url), "utf8")) as { places: { id: number }[] };
  const known = new Set(places.map(({ id }) => id));
  expect(contents("towns").features.filter(({ id }) => known.has(Number(id)))).toEqual([]);
});

test("the surroundings have no legend: their colours mean nothing recorded", () => {
  expect(basemap.legend(drawing, { rings: true, areas: true, detected: true, neutralised: true, glyphs: [], accidents: [] })).toEqual([]);
});
