/** What is printed, and on which paper: CLEARLINE_URL. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { area, SIZES, TURNS, type Paper } from "../../src/print/paper.ts";
import { speak } from "../../src/shared/text/index.ts";
import { launch, open, violations } from "./browser.ts";

const POINTS_PER_MM = 72 / 25.4;
const MARGINS_MM = 24;

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

/** Chooses in the dialog; the browser's own dialog is replaced by a mark. */
async function prepare(page: Page, what: "map" | "figures", { size, turn }: Paper): Promise<void> {
  const { t } = speak("en");
  await page.evaluate(() => (window.print = () => document.body.setAttribute("data-printed", "")));
  await page.getByRole("button", { name: t.print.print, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: t.print.print });
  await dialog.getByLabel(t.print.whats[what]).check();
  await dialog.getByLabel(size).check();
  await dialog.getByLabel(t.print.turns[turn]).check();
  await dialog.getByRole("button", { name: t.print.print }).click();
  await page.locator("[data-printed]").waitFor({ state: "attached", timeout: 60_000 });
}

interface Printed {
  pages: number;
  /** In points. */
  sizes: number[][];
  pictures: number;
}

/** Prints, which ends what was prepared. */
async function printed(page: Page): Promise<Printed> {
  const text = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
  const sizes = [...text.matchAll(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [Number(width), Number(height)]);
  await page.evaluate(() => document.body.removeAttribute("data-printed"));
  return { pages: [...text.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length, sizes, pictures: [...text.matchAll(/\/Subtype\s*\/Image\b/g)].length };
}

function assertPaper({ sizes }: Printed, paper: Paper): void {
  const { width, height } = area(paper);
  const wanted = [width, height].map((side) => (side + MARGINS_MM) * POINTS_PER_MM);
  for (const size of sizes) for (const [i, side] of size.entries()) assert.ok(Math.abs(side - (wanted[i] ?? 0)) < 1.5, `${paper.size} ${paper.turn}: ${size.join(" x ")} points`);
}

/** The visible texts, and the visible controls, as the printer sees them. */
async function onPaper(page: Page): Promise<{ text: string; controls: string[] }> {
  await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => {
    const controls = [...document.querySelectorAll(".page, dialog, .paper :is(input, select, a[href].button, .links, .save)")];
    return { text: document.body.innerText, controls: controls.filter((each) => each.checkVisibility()).map((each) => each.outerHTML.slice(0, 100)) };
  });
  await page.emulateMedia({ media: null });
  return seen;
}

test("the map is printed on one page of each paper, framed on the district, with all that explains it", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-KAL&theme=dark");
  const { t } = speak("en");
  for (const size of SIZES) {
    for (const turn of TURNS) {
      await prepare(page, "map", { size, turn });
      const { text, controls } = await onPaper(page);
      for (const said of ["Kalbajar", t.legend, t.notice, t.boundaries, t.places, t.file.source, "Data to 18 Sep 2023", t.print.northLetter, "region=AZ-KAL", "Demonstration: ", "Printed "]) assert.ok(text.includes(said), `${size} ${turn} says ${said}`);
      assert.match(text, /\d k?m\n/, "the scale");
      assert.deepEqual(controls, []);
      // Framed on the district: its colour fills a good part of the middle of the picture.
      const colours = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".paper canvas");
        const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
        return { width: canvas?.width ?? 0, wide: canvas?.clientWidth ?? 0, kinds: new Set(Array.from({ length: 4000 }, (_, i) => pixels.slice(i * Math.floor(pixels.length / 16_000) * 4, i * Math.floor(pixels.length / 16_000) * 4 + 3).join())).size };
      });
      assert.ok(colours.width >= colours.wide * 1.9, `${colours.width} pixels for ${colours.wide}`);
      assert.ok(colours.kinds > 4, "the map is drawn");
      const result = await printed(page);
      assert.equal(result.pages, 1, `${size} ${turn}`);
      assert.ok(result.pictures >= 1);
      assertPaper(result, { size, turn });
      assert.equal(await page.locator(".paper").count(), 0, "nothing prepared is left");
    }
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a district's page has its figures, curve, reported figures with sources and a map", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-KAL");
  const { t } = speak("en");
  for (const paper of [{ size: "A4", turn: "portrait" }, { size: "A3", turn: "landscape" }] as const) {
    await prepare(page, "figures", paper);
    const { text, controls } = await onPaper(page);
    for (const said of ["Kalbajar", t.curve, t.reported, "1,119", "Foreign Ministry of Azerbaijan", t.kindsTitle, t.accidents.heading, t.notice, t.file.source, "Printed ", "Demonstration: "]) assert.ok(text.includes(said), `${paper.size} says ${said}`);
    assert.ok(!/Show \d+ more/.test(text), "all reported figures are there");
    assert.deepEqual(controls, []);
    const result = await printed(page);
    assert.ok(result.pages >= 1 && result.pages <= 5, `${result.pages} pages`);
    assertPaper(result, paper);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the browser's own print command prints the map on one page as well", async () => {
  const { page, complaints } = await open(browser);
  const result = await printed(page);
  assert.equal(result.pages, 1);
  assert.ok(result.pictures >= 1);
  assertPaper(result, { size: "A4", turn: "landscape" });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("axe finds nothing in the print dialog", async () => {
  const { page } = await open(browser);
  await page.getByRole("button", { name: "Print", exact: true }).click();
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});
