import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { expect, test } from "vitest";

import { marksUrl, tileOf } from "../../src/collections/detections/marks/address.ts";
import { gather, single, type Mark } from "../../src/collections/detections/marks/gather.ts";
import { LAST_ZOOM, levels } from "../../src/collections/detections/marks/levels.ts";
import { membersOf } from "../../src/collections/detections/marks/members.ts";
import { gathered } from "../../src/collections/detections/marks/tile.ts";
import { symbolSize } from "../../src/collections/detections/layers/records.ts";
import { vectorTile, type TileFeature } from "../tiles.ts";

const UNITS_PER_PX = 4096 / 512;

/** Numbers from 0 to 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function record(i: number, x: number, y: number, status = "detected", quantity = 1): Mark {
  return single(x, y, { id: `r${i}`, status, kind: "ap_mine", quantity });
}

/** Records in a few fields, as mines are. */
function field(count: number, width: number): Mark[] {
  const next = numbers(count);
  return Array.from({ length: count }, (_, i) => record(i, 256 + (next() - 0.5) * width, 256 + (next() - 0.5) * width, next() < 0.5 ? "detected" : "neutralised", 1 + Math.floor(next() * 3)));
}

const total = (marks: readonly Mark[], of: (mark: Mark) => number): number => marks.reduce((sum, mark) => sum + of(mark), 0);

interface Given {
  x: number;
  y: number;
  properties: Record<string, string | number>;
}

function tile(layers: Record<string, Given[]>): ArrayBuffer {
  const features = Object.entries(layers).map(([name, all]) => [name, all.map(({ x, y, properties }): TileFeature => ({ type: 1, parts: [[[x * UNITS_PER_PX, y * UNITS_PER_PX]]], properties }))] as const);
  return vectorTile(Object.fromEntries(features)).buffer;
}

function read(bytes: ArrayBuffer, name: string): Record<string, unknown>[] {
  const layer = new VectorTile(new PbfReader(new Uint8Array(bytes))).layers[name];
  return Array.from({ length: layer?.length ?? 0 }, (_, i) => ({ ...layer?.feature(i).properties }));
}

const one = (id: string, x: number, y: number, status = "detected"): Given => ({ x, y, properties: { id, status, kind: "uxo", quantity: 1, detected_on: "2023-01-02" } });

test("joined marks keep every sum and every record, and stand at the place of one of them", () => {
  const given = field(400, 300);
  const joined = gather(given, () => 20, 20);
  expect(joined.length).toBeLessThan(given.length);
  for (const of of [(mark: Mark) => mark.quantity, (mark: Mark) => mark.detected, (mark: Mark) => mark.neutralised, (mark: Mark) => mark.records]) expect(total(joined, of)).toBe(total(given, of));
  expect(joined.flatMap(({ members }) => members.map(({ id }) => id)).sort()).toEqual(given.flatMap(({ members }) => members.map(({ id }) => id)).sort());
  for (const { x, y } of joined) expect(given.some((mark) => mark.x === x && mark.y === y)).toBe(true);
  for (const a of joined) for (const b of joined) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(20);
});

test("where single records begin, those that lie together stay a ring", () => {
  const rings = levels(field(60, 24), 11, 16).map(({ mark }) => mark);
  expect(rings).toHaveLength(1);
  expect(rings[0]?.records).toBe(60);
});

test("at every zoom of the deepest tiles each record is in one mark, and no symbol covers another", () => {
  const given = field(120, 90);
  const shown = levels(given, 16, 16);
  for (let zoom = 16; zoom <= LAST_ZOOM; zoom++) {
    const now = shown.filter(({ from, to }) => zoom >= from && zoom <= to).map(({ mark }) => mark);
    const ids = now.flatMap(({ members }) => members.map(({ id }) => id));
    expect(ids.sort(), `at ${zoom}`).toEqual(given.map(({ members }) => members[0]?.id).sort());
    const px = 2 ** (zoom - 16);
    for (const a of now) for (const b of now) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y) * px, `at ${zoom}`).toBeGreaterThanOrEqual(symbolSize(zoom));
  }
  const count = (zoom: number): number => shown.filter(({ from, to }) => zoom >= from && zoom <= to).length;
  expect(count(LAST_ZOOM)).toBeGreaterThan(count(16));
});

test("records at one spot are one mark down to the last zoom, and the mark lists them", () => {
  const bytes = gathered(tile({ detections: [one("a", 100, 100), one("b", 100, 100, "neutralised"), one("c", 400, 400)] }), 16, 16);
  const cells = read(bytes, "cells");
  expect(cells).toHaveLength(1);
  expect(cells[0]).toMatchObject({ records: 2, quantity: 2, detected: 1, neutralised: 1, uxo: 2 });
  expect(cells[0]).not.toHaveProperty("to");
  expect(membersOf(cells[0] ?? {}).map(({ id, status }) => [id, status])).toEqual([["a", "detected"], ["b", "neutralised"]]);
  const alone = read(bytes, "detections");
  expect(alone).toEqual([one("c", 0, 0).properties]);
});

test("a tile in which no mark hides another stays as it is, and so does one whose districts show the values", () => {
  const apart = tile({ detections: [one("a", 100, 100), one("b", 200, 200)] });
  expect(gathered(apart, 13, 16)).toBe(apart);
  const far = tile({ cells: [{ x: 9, y: 9, properties: { records: 1, quantity: 1, detected: 1, neutralised: 0 } }, { x: 10, y: 9, properties: { records: 1, quantity: 1, detected: 1, neutralised: 0 } }] });
  expect(gathered(far, 8, 16)).toBe(far);
  expect(read(gathered(far, 9, 16), "cells")).toHaveLength(1);
});

test("areas of uncleared items and counts somewhere in a district are never joined", () => {
  const area = { records: 1, quantity: 2, detected: 2, neutralised: 0 };
  const within = { ...area, within: "AZ-LAC" };
  const bytes = gathered(tile({ cells: [{ x: 100, y: 100, properties: area }, { x: 101, y: 100, properties: area }, { x: 102, y: 100, properties: within }], detections: [one("a", 101, 101, "neutralised"), one("b", 102, 101, "neutralised")] }), 13, 15);
  const cells = read(bytes, "cells");
  expect(cells.filter(({ neutralised }) => neutralised === 0)).toEqual(expect.arrayContaining([area, area, within]));
  expect(cells.filter(({ neutralised }) => neutralised === 2)).toHaveLength(1);
  expect(cells).toHaveLength(4);
});

test("a mark of many records does not list them", () => {
  const many = Array.from({ length: 30 }, (_, i) => one(`r${i}`, 100, 100));
  expect(membersOf(read(gathered(tile({ detections: many }), 14, 16), "cells")[0] ?? {})).toEqual([]);
});

test("the address of a tile and its zoom are read from the address that the map requests", () => {
  const url = marksUrl("https://host/below/tiles/detections/{z}/{x}/{y}.mvt?status=detected", 16).replace("{z}/{x}/{y}", "12/2580/1560");
  expect(tileOf(url)).toEqual({ tile: "https://host/below/tiles/detections/12/2580/1560.mvt?status=detected", zoom: 12, deepest: 16 });
  expect(() => tileOf("marks://16/nothing")).toThrow("is not the address of a tile");
});
