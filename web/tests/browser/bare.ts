/** The map prepared for colour checks: without text, and with a district of every class. */

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import { pixels, type Picture } from "../picture.ts";
import { open, url, type Opened } from "./browser.ts";
import { movedBy, rgb, type Position, type Rgb, type View } from "./sampling.ts";

export interface District {
  id: string;
  rings: Position[][];
}

/** What a district shows: one of the five steps, or nothing. */
export type Shown = 0 | 1 | 2 | 3 | 4 | "nothing";
const SHOWN: readonly Shown[] = [0, 1, 2, 3, 4, "nothing"];
/** The middle of each step, as a percentage. */
const PERCENT: Readonly<Record<Shown, number>> = { 0: 10, 1: 30, 2: 50, 3: 70, 4: 90, nothing: 0 };
const SCREEN = { width: 920, height: 640 };
/** The part of the map not covered by the panel or the line below: the legend covers no more. */
const PART = { x: 392, y: 0, width: 528, height: 450 };
/** Other elements over the map. */
const OVER = ".top, .right, .middle > p { visibility: hidden !important }";
/** The offset from the centre of that part to the centre of the map. */
const TO_CENTRE: Position = [(SCREEN.width - PART.width) / 2 - PART.x, (SCREEN.height - PART.height) / 2 - PART.y];

export async function json<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  const answer = await fetch(url + path, { headers });
  if (answer.status !== 200) throw new Error(`${path} returned ${answer.status}`);
  return (await answer.json()) as T;
}

export async function districts(): Promise<District[]> {
  type Geometry = { type: "Polygon"; coordinates: Position[][] } | { type: "MultiPolygon"; coordinates: Position[][][] };
  const { features } = await json<{ features: { id: string; properties: { level: string }; geometry: Geometry }[] }>("/collections/regions/items?limit=1000");
  return features
    .filter(({ properties }) => properties.level === "district")
    .map(({ id, geometry }) => ({ id, rings: geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat() }));
}

/** Distributes the classes in turn, from the centre of the view outwards, so that each is near wherever the test looks. */
export function dealt(all: readonly District[], [lon, lat]: Position): Map<string, Shown> {
  const away = ({ rings }: District): number => {
    const [x, y] = rings[0]?.[0] ?? [0, 0];
    return Math.hypot(x - lon, y - lat);
  };
  return new Map([...all].sort((a, b) => away(a) - away(b)).map(({ id }, i) => [id, SHOWN[i % SHOWN.length] ?? "nothing"]));
}

/** Opens the page without map text, towns and accidents; `shown`: with these figures of the districts. */
export function openBare(browser: Browser, asked: string, options: BrowserContextOptions, shown?: Map<string, Shown>): Promise<Opened> {
  return open(browser, `#accidents=0&at=7.75/40.2/46.9${asked}`, { viewport: SCREEN, ...options }, async (page) => {
    // The map draws every glyph on a separate canvas first.
    await page.addInitScript(() => {
      CanvasRenderingContext2D.prototype.fillText = OffscreenCanvasRenderingContext2D.prototype.fillText = () => undefined;
    });
    await page.route("**/tiles/places/**", (route) => route.fulfill({ status: 200, contentType: "application/vnd.mapbox-vector-tile", body: Buffer.alloc(0) }));
    await page.route("**/towns.geojson", (route) => route.fulfill({ status: 200, json: { type: "FeatureCollection", features: [] } }));
    if (shown === undefined) return;
    await page.route(/\/summary\/regions(\?|$)/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: withFigures((await answer.json()) as Figures, shown) });
    });
  });
}

interface Count {
  records: number;
  quantity: number;
}
type Recorded = Count & { detected: Count; neutralised: Count };
interface Figures {
  regions: { id: string; recorded?: Recorded; events?: { found: Count; neutralised: Count } }[];
}

/** Of 100 items; a period has as many found as neutralised. */
function withFigures(figures: Figures, shown: Map<string, Shown>): Figures {
  const count = (n: number): Count => ({ records: n, quantity: n });
  for (const region of figures.regions) {
    const what = shown.get(region.id);
    if (what === undefined) continue;
    const n = PERCENT[what];
    if (region.recorded !== undefined) region.recorded = { ...count(what === "nothing" ? 0 : 100), neutralised: count(n), detected: count(what === "nothing" ? 0 : 100 - n) };
    if (region.events !== undefined) region.events = { found: count(n), neutralised: count(n) };
  }
  return figures;
}

export interface Seen {
  view: View;
  picture: Picture;
  legend: ReadonlyMap<string, readonly Rgb[]>;
}

/** Moves the map, waits until everything is drawn, and takes a screenshot. */
export async function look(page: Page, zoom: number, place: Position, more: string): Promise<Seen> {
  const [lon, lat] = movedBy(place, zoom, TO_CENTRE);
  await page.evaluate((hash) => {
    return new Promise<void>((drawn) => {
      const map = document.querySelector<HTMLElement>(".map");
      if (map === null) return;
      const seen = new MutationObserver(() => {
        if (map.dataset.drawn !== "true") return;
        seen.disconnect();
        drawn();
      });
      seen.observe(map, { attributes: true, attributeFilter: ["data-drawn"] });
      location.hash = hash;
    });
  }, `#accidents=0&${more}&at=${zoom}/${lat}/${lon}`);
  const legend = await legendOf(page);
  const picture = pixels(await page.screenshot({ style: OVER, clip: PART }));
  return { view: { zoom, place, width: PART.width, height: PART.height }, picture, legend };
}

/** The painted colours of each legend entry. */
async function legendOf(page: Page): Promise<Map<string, Rgb[]>> {
  const entries = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("[data-legend]")].map((entry): [string, string[]] => {
      const painted = [...entry.querySelectorAll("svg *")].flatMap((each) => ["fill", "stroke"].map((name) => each.getAttribute(name)));
      return [entry.dataset.legend ?? "", painted.filter((colour): colour is string => colour?.startsWith("#") === true)];
    }),
  );
  return new Map(entries.map(([name, colours]) => [name, colours.map(rgb)]));
}
