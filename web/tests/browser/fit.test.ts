/** Every control stays reachable with large type, a strong zoom, on small screens and in long words: CLEARLINE_URL. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { speak, type Lang } from "../../src/shared/text/index.ts";
import { launch, open } from "./browser.ts";
import { unreachable } from "./reach.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

interface Screen {
  what: string;
  width: number;
  height: number;
  /** The size of the type in percent. */
  type?: number;
}

const SCREENS: readonly Screen[] = [
  { what: "a desk", width: 1280, height: 800 },
  { what: "a small window", width: 800, height: 600 },
  { what: "200 % text", width: 1280, height: 800, type: 200 },
  { what: "400 % zoom", width: 320, height: 256 },
  { what: "a small phone", width: 360, height: 640 },
  { what: "a small phone with 200 % text", width: 360, height: 640, type: 200 },
  { what: "a phone on its side", width: 640, height: 360 },
];

async function show({ width, height, type }: Screen, lang: Lang, hash = ""): Promise<{ page: Page; complaints: string[] }> {
  const opened = await open(browser, `#lang=${lang}${hash}`, { viewport: { width, height } });
  const { page } = opened;
  if (type !== undefined) {
    await page.evaluate((percent) => (document.documentElement.style.fontSize = `${percent}%`), type);
    await page.waitForFunction(() => document.documentElement.dataset.room === "column");
  }
  return opened;
}

for (const screen of SCREENS) {
  test(`every control can be reached on ${screen.what}`, async () => {
    for (const lang of ["en", "az", "ru"] as const) {
      const { t } = speak(lang);
      const { page, complaints } = await show(screen, lang, "&region=AZ-KAL");
      const room = await page.evaluate(() => document.documentElement.dataset.room);
      const where = `${lang}, ${screen.what}`;
      assert.deepEqual(await unreachable(page, room === "sheet" ? "main, aside .find, aside .handle" : "body"), [], where);

      // Both notes hidden, the legend and the filters open.
      const hide = page.getByRole("button", { name: t.hideNote });
      while ((await hide.count()) > 0) await hide.first().click();
      await page.getByRole("button", { name: t.file.madeUp, exact: true }).waitFor();
      const legend = page.getByRole("button", { name: t.legend });
      if ((await legend.getAttribute("aria-expanded")) === "false") await legend.click();
      if (room !== "sheet") await page.locator(".filters h2 button").click();
      assert.deepEqual(await unreachable(page, room === "sheet" ? "main, aside .find, aside .handle" : "body"), [], `${where}, notes hidden`);

      // On a phone the panel is the open sheet.
      if (room === "sheet") {
        await page.getByRole("button", { name: t.sheet.peek, exact: true }).click();
        await page.getByRole("button", { name: t.sheet.half, exact: true }).click();
        await page.waitForFunction(() => (document.querySelector("aside")?.getBoundingClientRect().top ?? innerHeight) < innerHeight * 0.1);
        await page.locator(".filters h2 button").click();
        assert.deepEqual(await unreachable(page, "aside"), [], `${where}, the sheet`);
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });
}

for (const screen of SCREENS) {
  test(`the list and a card from it can be reached on ${screen.what}`, async () => {
    const { page, complaints } = await show(screen, "ru", "&at=9/40/46.4&list=1");
    await page.locator(".sheet .json").first().waitFor();
    const narrow = await page.evaluate(() => document.documentElement.matches(".narrow"));
    assert.deepEqual(await unreachable(page, narrow ? ".sheet" : "body"), []);
    await page.locator(".sheet tr:has(.json) button").first().press("Enter");
    const card = page.locator("article:has(.close)");
    await card.getByRole("link", { name: "JSON" }).waitFor();
    await page.locator(".map[data-drawn=true]").waitFor();
    assert.deepEqual(await unreachable(page, "article:has(.close)"), []);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}
