/**
 * Every colour of the map matches its legend entry, and the legend shows no other, at every half zoom from 4 to 16:
 * CLEARLINE_URL, and CLEARLINE_TOKEN of an administrator.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { CELLS_FROM } from "../../src/map/layer.ts";
import { RECORDS_FROM } from "../../src/collections/detections/layers/records.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { dealt, districts, json, look, openBare, type District, type Seen, type Shown } from "./bare.ts";
import { launch, signedIn, token } from "./browser.ts";
import { amount, flat, inPicture, interior, isBetween, rgb, same, type Position, type Rgb } from "./sampling.ts";

const ZOOMS = Array.from({ length: 25 }, (_, i) => 4 + i / 2);
/** In the middle of the country, where districts are small, so many are in view close up. */
const AMID: Position = [46.9, 40.55];
const AUGUST = "&from=2023-08-01&to=2023-08-31";
const THEMES = ["light", "dark"] as const;

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

const text = (colour: Rgb): string => `rgb(${colour.join(", ")})`;

/** Checks that every sufficiently large district has the colour of its class. Returns the classes seen. */
function checkDistricts({ view, picture }: Seen, all: readonly District[], shown: ReadonlyMap<string, Shown>, steps: readonly Rgb[], [ground, line]: readonly Rgb[]): Set<Shown> {
  assert.ok(ground !== undefined && line !== undefined, "a hatch has two colours");
  const seen = new Set<Shown>();
  const hatched: Rgb[] = [];
  for (const { id, rings } of all) {
    const what = shown.get(id) ?? "nothing";
    const outline = rings.map((ring) => ring.map((each) => inPicture(each, view)));
    for (const at of interior(outline, view)) {
      const colour = picture.at(...at);
      const wanted = what === "nothing" ? undefined : steps[what];
      const right = wanted === undefined ? isBetween(colour, ground, line) : same(colour, wanted);
      assert.ok(right, `at ${view.zoom} ${id} is ${text(colour)} in ${at.join(", ")}; the legend has ${wanted === undefined ? `${text(ground)} with ${text(line)}` : text(wanted)}`);
      seen.add(what);
      if (wanted === undefined) hatched.push(colour);
    }
  }
  for (const each of [ground, line]) assert.ok(hatched.some((colour) => same(colour, each)), `at ${view.zoom} the hatch has ${text(each)}`);
  return seen;
}

/** Checks that the legend explains every fill colour. */
function checkExplained({ view, picture, legend }: Seen, ground: readonly Rgb[]): void {
  const explained = [...ground, ...[...legend.values()].flat()];
  for (const { colour, where } of flat(picture)) {
    assert.ok(explained.some((each) => same(each, colour)), `at ${view.zoom} ${text(colour)} in ${where.join(", ")} is in no entry of the legend (${[...legend.keys()].join(", ")})`);
  }
}

/** Checks that everything in the legend is on the map; of a ring, one of its two colours may be all there is. */
function checkDrawn({ view, picture, legend }: Seen, ground: readonly Rgb[]): void {
  for (const [name, colours] of legend) {
    const own = colours.filter((colour) => !ground.some((each) => same(each, colour)));
    assert.ok(own.some((colour) => amount(picture, colour) > 3), `at ${view.zoom} nothing on the map has the ${own.map(text).join(" or the ")} of ${name}`);
  }
}

function groundOf(theme: "light" | "dark"): Rgb[] {
  const { water, river, neighbour, land, paper } = paletteOf(theme);
  return [water, river, neighbour, land, paper].map(rgb);
}

/** Checks the districts by one measure. */
async function far(page: Page, zooms: readonly number[], asked: string, [steps, none]: readonly [string, string], shown: ReadonlyMap<string, Shown>): Promise<void> {
  const all = await districts();
  for (const zoom of zooms) {
    for (const theme of THEMES) {
      const seen = await look(page, zoom, AMID, `theme=${theme}${asked}`);
      assert.deepEqual([...seen.legend.keys()], [steps, none, "districtCount"], `at ${zoom}`);
      const classes = checkDistricts(seen, all, shown, seen.legend.get(steps) ?? [], seen.legend.get(none) ?? []);
      assert.equal(classes.size, 6, `at ${zoom} only ${[...classes].join(", ")} were large enough to look into`);
      checkExplained(seen, groundOf(theme));
    }
  }
}

test("far away every district has the colour of its share in the legend, light and dark", async () => {
  const shown = dealt(await districts(), AMID);
  const { page, complaints } = await openBare(browser, "", {}, shown);
  await far(page, ZOOMS.filter((zoom) => zoom < CELLS_FROM), "", ["share", "noData"], shown);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("within a period every district has the colour of its number in the legend, light and dark", async () => {
  const shown = dealt(await districts(), AMID);
  const { page, complaints } = await openBare(browser, AUGUST, {}, shown);
  await far(page, [4, 8.5], `${AUGUST}&count=neutralised`, ["neutralisedIn", "noneIn"], shown);
  await far(page, [4, 8.5], `${AUGUST}&count=found`, ["detectedIn", "noneIn"], shown);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

for (const [who, from, names] of [
  ["the public", CELLS_FROM, ["cells", "coarse", "neutralised"]],
  ["a manager", RECORDS_FROM, ["cells", "detected", "neutralised"]],
] as const) {
  test(`close up every mark that ${who} sees has the colour of its entry in the legend, light and dark`, async () => {
    const places = await alone();
    const { page, complaints } = await openBare(browser, "", who === "a manager" ? await signedIn(token) : {});
    const told = new Set<string>();
    for (const [i, zoom] of ZOOMS.filter((each) => each >= from).entries()) {
      for (const [j, theme] of THEMES.entries()) {
        const place = places[(i + j) % places.length] ?? AMID;
        const seen = await look(page, zoom, place, `theme=${theme}`);
        checkExplained(seen, groundOf(theme));
        checkDrawn(seen, groundOf(theme));
        for (const name of seen.legend.keys()) told.add(name);
      }
    }
    assert.deepEqual([...told].sort(), names);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}

/** The places of an uncleared and a neutralised item with nothing near, so that close up each is a symbol. */
async function alone(): Promise<[Position, Position]> {
  const places = async (status: string): Promise<Position[]> => {
    const path = `/collections/detections/items?status=${status}&limit=10000`;
    const { features } = await json<{ features: { geometry: { coordinates: Position } }[] }>(path, { Authorization: `Bearer ${token}` });
    return features.map(({ geometry }) => geometry.coordinates);
  };
  const [detected, neutralised] = await Promise.all([places("detected"), places("neutralised")]);
  const all = [...detected, ...neutralised];
  const isAlone = (one: Position): boolean => all.every((other) => other === one || metresBetween(one, other) > 60);
  const [uncleared, cleared] = [detected.find(isAlone), neutralised.find(isAlone)];
  if (uncleared === undefined || cleared === undefined) throw new Error("the demonstration has no items that are alone");
  return [uncleared, cleared];
}

/** Accurate enough over a few hundred metres. */
function metresBetween([ax, ay]: Position, [bx, by]: Position): number {
  const metresPerDegree = 111_320;
  return Math.hypot((ax - bx) * metresPerDegree * Math.cos((ay * Math.PI) / 180), (ay - by) * metresPerDegree);
}
