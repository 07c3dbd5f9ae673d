/** Sharing a view, the map in a frame, and the page about it, against a running Clearline with demonstration data. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { launch, open, ready, url, violations } from "./browser.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

test("a shared address has a preview and opens the same view", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-KAL&from=2023-01-01&to=2023-06-30&lang=en");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const link = await dialog.getByLabel("Address").inputValue();
  assert.match(link, /\/share\?region=AZ-KAL&from=2023-01-01&to=2023-06-30&lang=en&at=[\d.]+\/[\d.]+\/[\d.]+$/);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });

  const preview = await (await page.request.get(link)).text();
  const picture = /property="og:image" content="([^"]+)"/.exec(preview)?.[1]?.replaceAll("&amp;", "&");
  assert.ok(picture);
  assert.equal((await page.request.get(picture)).headers()["content-type"], "image/png");

  await page.goto(link);
  await page.waitForURL(/#region=AZ-KAL/);
  await ready(page);
  assert.equal(await page.locator("#figures h2").first().innerText(), "Kalbajar");
  await page.getByText("1 Jan 2023 to 30 Jun 2023").first().waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the map in a frame has no panel, and leads to the whole map", async () => {
  for (const viewport of [{ width: 800, height: 480 }, { width: 360, height: 420 }]) {
    const context = await browser.newContext({ viewport, locale: "ru-RU" });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.goto(`${url}/embed#region=AZ-KAL&lang=ru`);
    await page.waitForSelector(".map[data-drawn=true]", { timeout: 60_000 });
    assert.equal(await page.locator("aside").count(), 0);
    await page.getByText("Отсутствие записей не означает").waitFor();
    const map = await page.locator(".map").boundingBox();
    assert.equal(map?.width, viewport.width);
    const whole = page.getByRole("link", { name: "Открыть всю карту" });
    assert.match((await whole.getAttribute("href")) ?? "", /\/#region=AZ-KAL&lang=ru/);
    assert.ok(await whole.isVisible());
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  }
});

test("the page about the map is read in three languages, also on a small phone", async () => {
  const { page } = await open(browser, "");
  const about = page.getByRole("link", { name: "About this map" });
  assert.equal(await about.getAttribute("href"), "/about?lang=en");
  for (const lang of ["en", "az", "ru"]) {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${url}/about?lang=${lang}`);
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    assert.deepEqual(await violations(page), [], lang);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${lang}: nothing leaves the screen`);
  }
  await page.context().close();
});
