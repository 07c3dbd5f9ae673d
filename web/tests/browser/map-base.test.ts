/** An operator's base map below the records: CLEARLINE_URL, CLEARLINE_TOKEN. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { namedFlavor } from "@protomaps/basemaps";
import type { Browser, Page } from "playwright-core";

import { paletteOf } from "../../src/map/palette.ts";
import { pixels } from "../picture.ts";
import { EVERYWHERE, vectorTile } from "../tiles.ts";
import { launch, open, ready } from "./browser.ts";
import { amount, rgb } from "./sampling.ts";

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Land everywhere, with a lake in its corner, a road through its middle and a town. */
const TILE = Buffer.from(
  vectorTile({
    earth: [{ type: 3, parts: EVERYWHERE, properties: { kind: "earth" } }],
    water: [{ type: 3, parts: [[[0, 0], [1200, 0], [1200, 900], [0, 900], [0, 0]]], properties: { kind: "lake" } }],
    roads: [{ type: 2, parts: [[[0, 2048], [4096, 2048]]], properties: { kind: "highway", min_zoom: 3 } }],
    places: [{ type: 1, parts: [[[2048, 3000]]], properties: { kind: "locality", name: "Şuşa", "name:az": "Şuşa", "name:ru": "Шуша", min_zoom: 3, population_rank: 8 } }],
  }),
);
const MAP = { x: 392, y: 130, width: 480, height: 420 };
const OVER = ".top, .right, main > p { visibility: hidden !important }";

/** Serves a base map as the server would, and notes the tiles requested. */
async function operator(page: Page, description: object, asked: string[]): Promise<void> {
  await page.route(/\/(#.*)?$/, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace("<head>", '<head><meta name="clearline-basemap" content="/basemap.json">');
    await route.fulfill({ response: answer, body });
  });
  await page.route("**/basemap.json", (route) => route.fulfill({ json: description }));
  await page.route("**/basemap/**", async (route) => {
    asked.push(new URL(route.request().url()).pathname);
    await route.fulfill({ contentType: "application/vnd.mapbox-vector-tile", body: TILE });
  });
}

const PROTOMAPS = { kind: "protomaps", tiles: "/basemap/{z}/{x}/{y}.mvt", minzoom: 0, maxzoom: 15, attribution: '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap</a>', terrain: null };

async function drawnBase(page: Page): Promise<void> {
  await page.getByText("© OpenStreetMap").first().waitFor({ state: "attached" });
  await page.waitForFunction(() => document.querySelector<HTMLElement>(".map")?.dataset.drawn === "true");
}

test("a base map lies below the marks in both themes, with its source named", async () => {
  for (const theme of ["light", "dark"] as const) {
    const asked: string[] = [];
    const { page, complaints } = await open(browser, `#at=10/40.05/46.75&accidents=0&theme=${theme}`, {}, (each) => operator(each, PROTOMAPS, asked));
    await drawnBase(page);
    const picture = pixels(await page.screenshot({ style: OVER, clip: MAP }));
    const flavour = namedFlavor(theme);
    assert.ok(amount(picture, rgb(flavour.earth)) > 20_000, "the land of the base map");
    assert.ok(amount(picture, rgb(flavour.water)) > 1_000, "its water");
    assert.ok(amount(picture, rgb(paletteOf(theme).neutralised)) > 100, "the rings above it");
    assert.equal(await page.locator("footer a[href*=openstreetmap]").count(), 0, "the text of an attribution never becomes part of the page");
    assert.ok(asked.length > 0);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test("districts keep their colours, and no tile of a base map is requested while they have them", async () => {
  const asked: string[] = [];
  const { page, complaints } = await open(browser, "#at=7/40.05/46.75&accidents=0", {}, (each) => operator(each, PROTOMAPS, asked));
  await drawnBase(page);
  const picture = pixels(await page.screenshot({ style: OVER, clip: MAP }));
  assert.ok(amount(picture, rgb(paletteOf("light").steps.share[4])) > 5_000);
  assert.deepEqual(asked, []);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a base map that cannot be used leaves the map as it is without one", async () => {
  const { page, complaints } = await open(browser, "#at=10/40.05/46.75&accidents=0", {}, (each) => operator(each, { kind: "globe" }, []));
  await ready(page);
  const picture = pixels(await page.screenshot({ style: OVER, clip: MAP }));
  assert.ok(amount(picture, rgb(paletteOf("light").land)) > 20_000);
  assert.deepEqual(complaints.filter((each) => !each.includes("The base map cannot be used")), []);
  await page.context().close();
});

test("without a base map the page requests nothing of one", async () => {
  const asked: string[] = [];
  const { page, complaints } = await open(browser, "#at=10/40.05/46.75", {}, (each) => {
    each.on("request", (request) => asked.push(request.url()));
    return Promise.resolve();
  });
  assert.deepEqual(asked.filter((url) => /basemap\.json|\/basemap\/|protomaps/.test(url)), []);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
