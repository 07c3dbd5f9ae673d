/** Everything listed as in view is visible, and nothing covers it: CLEARLINE_URL, CLEARLINE_TOKEN. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Locator, Page } from "playwright-core";

import { speak, type Lang, type Speech } from "../../src/shared/text/index.ts";
import { launch, open } from "./browser.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

/** Each language in turn, chosen as a reader does. */
async function inEach(page: Page, look: (lang: Lang, t: Speech["t"]) => Promise<void>): Promise<void> {
  for (const lang of ["en", "az", "ru"] as const) {
    await page.getByRole("button", { name: `${lang.toUpperCase()}, ${speak(lang).t.language}` }).click();
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, lang);
    await look(lang, speak(lang).t);
  }
}

async function edges(what: Locator): Promise<{ left: number; right: number }> {
  const box = await what.boundingBox();
  assert.ok(box !== null);
  return { left: box.x, right: box.x + box.width };
}

test("without records in view, the legend shows no symbol and says so", async () => {
  const { page, complaints } = await open(browser, "#at=15/40.05/46.3");
  await page.locator("[data-legend-none]").waitFor();
  assert.equal(await page.locator("[data-legend]").count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a district that only the panel covers is not in view", async () => {
  // Fuzuli is in the middle; everything west of Shusha is under the panel.
  const { page, complaints } = await open(browser, "#at=8.9/39.6/47&list=1", { viewport: { width: 1280, height: 800 } });
  await page.getByRole("rowheader", { name: "Fuzuli" }).waitFor();
  assert.equal(await page.getByRole("rowheader", { name: "Gubadli" }).count(), 1);
  assert.equal(await page.getByRole("rowheader", { name: "Shahbuz" }).count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the list leaves the bar at the top free", async () => {
  const { page, complaints } = await open(browser, "#list=1", { viewport: { width: 1280, height: 800 } });
  await inEach(page, async (lang, t) => {
    const list = await edges(page.locator(".sheet"));
    const bar = await edges(page.getByRole("button", { name: t.list, exact: true }));
    assert.ok(list.right < bar.left, `in ${lang} the list ends at ${list.right}, the bar begins at ${bar.left}`);
  });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("on a narrow phone nothing at the top is cut off, in any language", async () => {
  const { page, complaints } = await open(browser, "", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await inEach(page, async (lang, t) => {
    const bar = await edges(page.getByRole("button", { name: t.list, exact: true }));
    assert.ok(bar.left >= 8, `in ${lang} the bar begins at ${bar.left}`);
    const handle = await edges(page.getByRole("slider", { name: t.monthShown }));
    assert.ok(handle.right <= 360, `in ${lang} the timeline's handle ends at ${handle.right}`);
  });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("with only some kinds chosen, a hatch does not mean that nothing is recorded", async () => {
  const { page, complaints } = await open(browser, "#kind=ap_mine");
  await inEach(page, async (_, t) => {
    await page.locator("[data-legend=noMatch]", { hasText: t.legendLabels.noMatch }).waitFor();
    assert.equal(await page.locator("[data-legend=noData]").count(), 0);
  });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("in a period without records, no month is selected and the legend has no colour scale", async () => {
  const { page, complaints } = await open(browser, "#from=2024-03-01&to=2024-05-31");
  await page.locator("[data-legend=noneIn]").waitFor();
  assert.deepEqual(await page.locator("[data-legend]").evaluateAll((entries) => entries.map((entry) => entry.getAttribute("data-legend"))), ["noneIn"]);
  const [from, to] = await Promise.all(["First month shown", "Last month shown"].map((name) => edges(page.getByRole("slider", { name }))));
  assert.equal(from?.left, to?.left, "both handles are at the end of the line");
  assert.deepEqual(complaints, []);
  await page.context().close();
});
