/**
 * Every colour of the map is that of its entry in the legend, at every half zoom from 4 to 16, light and dark:
 * CLEARLINE_URL, and CLEARLINE_TOKEN of an administrator.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { CELLS_FROM } from "../../src/map/layer.ts";
import { stepOf } from "../../src/map/measure.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { pixels, type Picture } from "../picture.ts";
import { launch, open, token, url } from "./browser.ts";

const ZOOMS = Array.from({ length: 25 }, (_, i) => 4 + i / 2);
const VIEW = { width: 1440, height: 900 };
/** The part of the map that nothing lies over. */
const FREE = { left: 384, top: 70, right: 1180, bottom: 700 };
/** The halos of names that lie close together can be flat too, in a few squares. */
const MOST_HALO = 8;
/** Of 255, in each of red, green and blue. */
const TOLERANCE = 2;

type Rgb = readonly [number, number, number];
type Position = [number, number];
interface Shape {
  id: string;
  rings: Position[][];
}

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
const same = (a: Rgb, b: Rgb): boolean => a.every((part, i) => Math.abs(part - (b[i] ?? 0)) <= TOLERANCE);
const text = (colour: Rgb): string => `rgb(${colour.join(", ")})`;

/** A place on the screen, in a map of tiles of 512 pixels. */
function onScreen([lon, lat]: Position, zoom: number, centre: Position): Position {
  const size = 512 * 2 ** zoom;
  const y = (degrees: number): number => (0.5 - Math.asinh(Math.tan((degrees * Math.PI) / 180)) / (2 * Math.PI)) * size;
  return [((lon - centre[0]) / 360) * size + VIEW.width / 2, y(lat) - y(centre[1]) + VIEW.height / 2];
}

/** The pixels in the middle of a shape, so far from any edge that no line touches them. */
function inside(rings: Position[][], others: Position[][]): Position[] {
  const xs = rings.flat().map(([x]) => x);
  const ys = rings.flat().map(([, y]) => y);
  const [left, right] = [Math.max(FREE.left, Math.min(...xs)), Math.min(FREE.right, Math.max(...xs))];
  const [top, bottom] = [Math.max(FREE.top, Math.min(...ys)), Math.min(FREE.bottom, Math.max(...ys))];
  const step = Math.max(1, Math.min(right - left, bottom - top) / 24);
  const found: Position[] = [];
  for (let y = Math.ceil(top); y < bottom; y += step) {
    for (let x = Math.ceil(left); x < right; x += step) {
      const at: Position = [Math.floor(x), Math.floor(y)];
      if (isInside(at, rings) && others.every((ring) => isFar(at, ring, 4))) found.push(at);
    }
  }
  return found;
}

function isInside([x, y]: Position, rings: Position[][]): boolean {
  let odd = false;
  for (const ring of rings) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    });
  }
  return odd;
}

function isFar([x, y]: Position, ring: Position[], least: number): boolean {
  return ring.every(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay];
    const [dx, dy] = [bx - ax, by - ay];
    const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(ax + along * dx - x, ay + along * dy - y) > least;
  });
}

/** The colours of squares of five pixels that are all alike: no letter and no line is so wide. */
function flat(picture: Picture): Map<string, { colour: Rgb; squares: number }> {
  const found = new Map<string, { colour: Rgb; squares: number }>();
  for (let y = FREE.top; y < FREE.bottom - 5; y += 3) {
    for (let x = FREE.left; x < FREE.right - 5; x += 3) {
      const colour = picture.at(x, y);
      let alike = true;
      for (let i = 1; i < 25 && alike; i++) alike = text(picture.at(x + (i % 5), y + Math.floor(i / 5))) === text(colour);
      if (!alike) continue;
      const key = text(colour);
      found.set(key, { colour, squares: (found.get(key)?.squares ?? 0) + 1 });
    }
  }
  return found;
}

/** Whether a colour is one of these, or lies between the two of a hatch. */
function isBetween(colour: Rgb, [one, other = one]: Rgb[]): boolean {
  if (one === undefined || other === undefined) return false;
  return colour.every((part, i) => part >= Math.min(one[i] ?? 0, other[i] ?? 0) - TOLERANCE && part <= Math.max(one[i] ?? 0, other[i] ?? 0) + TOLERANCE);
}

/** Whether a name may lie over most of it. */
function isSmall(rings: Position[][]): boolean {
  const [xs, ys] = [0, 1].map((axis) => rings.flat().map((at) => at[axis] ?? 0));
  return [xs ?? [], ys ?? []].some((values) => Math.max(...values) - Math.min(...values) < 60);
}

/** Whether all the pixels around one are like it. */
function isFlat(picture: Picture, [x, y]: Position): boolean {
  const colour = text(picture.at(x, y));
  return [-1, 0, 1].every((dy) => [-1, 0, 1].every((dx) => text(picture.at(x + dx, y + dy)) === colour));
}

function share(picture: Picture, at: Position[], is: (colour: Rgb) => boolean): number {
  return at.filter(([x, y]) => is(picture.at(x, y))).length / at.length;
}

/** How many pixels of the free map have a colour. */
function amount(picture: Picture, colour: Rgb): number {
  let n = 0;
  for (let y = FREE.top; y < FREE.bottom; y++) for (let x = FREE.left; x < FREE.right; x++) if (same(picture.at(x, y), colour)) n += 1;
  return n;
}

/** What the legend shows: the colours of each entry, as they are painted. */
async function legend(page: Page): Promise<Map<string, Rgb[]>> {
  const entries = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-legend]")].map((entry): [string, string[]] => {
      const painted = [...entry.querySelectorAll("svg *")].flatMap((each) => ["fill", "stroke"].map((name) => each.getAttribute(name)));
      return [entry.dataset.legend ?? "", painted.filter((colour): colour is string => colour?.startsWith("#") === true)];
    }),
  );
  return new Map(entries.map(([name, colours]) => [name, colours.map(rgb)]));
}

/** Moves the map and waits until it has drawn all that there is. */
async function move(page: Page, zoom: number, [lon, lat]: Position, more: string): Promise<void> {
  await page.evaluate((hash) => {
    return new Promise<void>((drawn) => {
      const map = document.querySelector<HTMLElement>(".map");
      if (map === null) return;
      const look = new MutationObserver(() => {
        if (map.dataset.drawn !== "true") return;
        look.disconnect();
        drawn();
      });
      look.observe(map, { attributes: true, attributeFilter: ["data-drawn"] });
      location.hash = hash;
    });
  }, `#${more}&at=${zoom}/${lat}/${lon}`);
  // The legend follows in the same turn; a frame later it is painted.
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
}

async function json<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(url + path, { headers });
  assert.equal(answer.status, 200, path);
  return (await answer.json()) as T;
}

async function districts(): Promise<Shape[]> {
  interface Feature {
    id: string;
    properties: { level: string };
    geometry: { type: string; coordinates: Position[][] | Position[][][] };
  }
  const { features } = await json<{ features: Feature[] }>("/collections/regions/items?limit=1000");
  return features
    .filter(({ properties }) => properties.level === "district")
    .map(({ id, geometry }) => ({ id, rings: geometry.type === "Polygon" ? (geometry.coordinates as Position[][]) : (geometry.coordinates as Position[][][]).flat() }));
}

/** Where most uncleared records lie in one public cell, with something neutralised near by. */
async function crowded(): Promise<Position> {
  const places = async (status: string): Promise<Position[]> => {
    const path = `/collections/detections/items?status=${status}&limit=10000`;
    const { features } = await json<{ features: { geometry: { coordinates: Position } }[] }>(path, { Authorization: `Bearer ${token}` });
    return features.map(({ geometry }) => geometry.coordinates);
  };
  const [detected, neutralised] = await Promise.all([places("detected"), places("neutralised")]);
  const side = 360 / 2 ** 15;
  const cells = new Map<string, Position[]>();
  for (const [lon, lat] of detected) {
    const row = (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * 2 ** 15;
    const key = `${Math.floor((lon + 180) / side)}/${Math.floor(row)}`;
    cells.set(key, [...(cells.get(key) ?? []), [lon, lat]]);
  }
  const near = ([lon, lat]: Position): number => neutralised.filter((each) => Math.abs(each[0] - lon) < 0.004 && Math.abs(each[1] - lat) < 0.002).length;
  const best = [...cells.values()].sort((a, b) => b.length - a.length).find((cell) => cell[0] !== undefined && near(cell[0]) > 0);
  assert.ok(best?.[0] !== undefined, "the demonstration has uncleared items next to neutralised ones");
  return best[0];
}

function checkDistricts(zoom: number, picture: Picture, [valued, empty]: [Rgb[] | undefined, Rgb[] | undefined], shapes: Shape[], steps: Map<string, number | null>, centre: Position): Set<string> {
  const screen = shapes.map(({ id, rings }) => ({ id, rings: rings.map((ring) => ring.map((at) => onScreen(at, zoom, centre))) }));
  const edges = screen.flatMap(({ rings }) => rings);
  const seen = new Set<string>();
  for (const { id, rings } of screen) {
    const step = steps.get(id) ?? null;
    // Names lie over some of it: letters are not flat. Neither is a hatch.
    const at = inside(rings, edges).filter((each) => step === null || isFlat(picture, each));
    if (at.length < 8 || (step === null && isSmall(rings))) continue;
    const colour = step === null ? undefined : valued?.[step];
    const wanted = step === null ? empty : colour && [colour];
    assert.ok(wanted !== undefined, `at ${zoom} the legend explains the step of ${id}`);
    // A hatch also has the edges of its lines, between its two colours.
    const found = share(picture, at, (colour) => isBetween(colour, wanted));
    assert.ok(found >= (step === null ? 0.5 : 0.9), `at ${zoom} ${id} has the colour of its entry in ${Math.round(found * 100)} % of its interior; there are ${[...new Set(at.slice(0, 40).map(([x, y]) => text(picture.at(x, y))))].slice(0, 6).join(" ")}, wanted ${wanted.map(text).join(" ")}`);
    seen.add(String(step));
  }
  return seen;
}

for (const theme of ["light", "dark"] as const) {
  test(`colours match the legend at every half zoom (${theme})`, { timeout: 900_000 }, async () => {
    const palette = paletteOf(theme);
    const [shapes, place, { regions }] = await Promise.all([
      districts(),
      crowded(),
      json<{ regions: { id: string; level: string; recorded: { quantity: number; neutralised: { quantity: number } } }[] }>("/summary/regions"),
    ]);
    const steps = new Map(regions.map(({ id, recorded }) => [id, recorded.quantity === 0 ? null : stepOf(recorded.neutralised.quantity / recorded.quantity)]));
    const { page, complaints } = await open(browser, `#theme=${theme}&at=7.75/40/46.9`);
    const ground = [palette.water, palette.neighbour, palette.land, palette.paper].map(rgb);
    const classes = new Set<string>();
    const marks = new Set<string>();
    for (const zoom of ZOOMS) {
      const centre: Position = zoom < CELLS_FROM ? [46.9, 40] : place;
      await move(page, zoom, centre, `theme=${theme}`);
      const [key, picture] = [await legend(page), pixels(await page.screenshot())];
      const explained = [...ground, ...[...key.values()].flat()];
      for (const { colour, squares } of flat(picture).values()) {
        assert.ok(squares < MOST_HALO || explained.some((each) => same(each, colour)), `at ${zoom} ${squares} squares of ${text(colour)} are in no entry of the legend (${[...key.keys()].join(", ")})`);
      }
      const isFar = zoom < CELLS_FROM;
      assert.equal(key.has("share"), isFar, `at ${zoom}`);
      assert.equal(key.has("noData"), isFar, `at ${zoom}`);
      if (isFar) {
        for (const each of checkDistricts(zoom, picture, [key.get("share"), key.get("noData")], shapes, steps, centre)) classes.add(each);
        continue;
      }
      for (const [name, colours] of key) {
        marks.add(name);
        for (const colour of colours) if (!ground.some((each) => same(each, colour))) assert.ok(amount(picture, colour) > 3, `at ${zoom} nothing has the ${text(colour)} of ${name}`);
      }
      for (const [colour, names] of [[palette.detected, ["cells", "detected", "coarse"]], [palette.neutralised, ["cells", "neutralised"]]] as const) {
        if (amount(picture, rgb(colour)) > 30) assert.ok(names.some((name) => key.has(name)), `at ${zoom} the legend explains ${colour}`);
      }
    }
    const expected = new Set([...steps].filter(([id]) => shapes.some((shape) => shape.id === id)).map(([, step]) => String(step)));
    assert.deepEqual([...classes].sort(), [...expected].sort(), "every step that is drawn was looked at");
    for (const name of ["cells", "neutralised", "coarse"]) assert.ok(marks.has(name), `${name} was looked at`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}
