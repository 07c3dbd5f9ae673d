/** Marks that would hide each other, on the page: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { speak } from "../../src/shared/text/index.ts";
import { launch, open, signedIn, token, url, violations } from "./browser.ts";

const AT = [46.7312, 39.5307] as const;
const headers = { authorization: `Bearer ${token}`, "content-type": "application/geo+json" };

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Records two items at one spot for as long as `then` runs. */
async function atOneSpot(then: () => Promise<void>): Promise<void> {
  const ids = [randomUUID(), randomUUID()];
  const properties = [{ kind: "uxo", detected_on: "2023-03-14" }, { kind: "ap_mine", detected_on: "2023-03-14", neutralised_on: "2023-03-15" }];
  for (const [i, id] of ids.entries()) {
    const sent = await fetch(`${url}/collections/detections/items`, { method: "POST", headers, body: JSON.stringify({ type: "Feature", id, geometry: { type: "Point", coordinates: AT }, properties: properties[i] }) });
    assert.equal(sent.status, 201, await sent.text());
  }
  try {
    await then();
  } finally {
    for (const id of ids) await fetch(`${url}/collections/detections/items/${id}`, { method: "DELETE", headers });
  }
}

test("records at one spot open one card that lists them, each record and back, at the last zoom too", async () => {
  await atOneSpot(async () => {
    for (const [lang, zoom] of [["en", 18], ["az", 20], ["ru", 16]] as const) {
      const { page, complaints } = await open(browser, `#lang=${lang}&accidents=0&at=${zoom}/${AT[1]}/${AT[0]}`, await signedIn(token));
      const { t } = speak(lang);
      await page.locator(".map canvas").click({ position: { x: 720, y: 450 } });
      const card = page.locator(".maplibregl-popup article");
      await card.getByRole("heading", { name: t.cell(2) }).waitFor();
      const uxo = card.getByRole("button", { name: t.kinds.uxo });
      const mine = card.getByRole("button", { name: t.kinds.ap_mine });
      await mine.waitFor();
      await uxo.click();
      await card.getByText(t.statuses.detected, { exact: true }).waitFor();
      assert.equal(await mine.count(), 0);
      if (lang === "en") assert.deepEqual(await violations(page), []);
      await card.getByRole("button", { name: t.cellBack }).click();
      await mine.click();
      await card.getByText(t.statuses.neutralised, { exact: true }).waitFor();
      assert.equal(await card.getByRole("button", { name: t.cellZoom }).count(), 0);
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });
});

test("the legend explains the glyphs inside the symbols in view, and no others", async () => {
  const answer = await fetch(`${url}/collections/detections/items?kind=av_mine&status=detected&limit=1`, { headers });
  const { features } = (await answer.json()) as { features: { geometry: { coordinates: [number, number] } }[] };
  const [lon, lat] = features[0]?.geometry.coordinates ?? assert.fail("the demonstration has an anti-vehicle mine");
  const { page, complaints } = await open(browser, `#accidents=0&kind=av_mine&at=20/${lat}/${lon}`, await signedIn(token));
  await page.locator("[data-glyph=av_mine]").getByText(speak("en").t.kinds.av_mine).waitFor();
  assert.equal(await page.locator("[data-glyph]").count(), 1);
  await page.evaluate((at) => (location.hash = at), `#accidents=0&kind=av_mine&at=12/${lat}/${lon}`);
  await page.locator("[data-glyph]").waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await page.context().close();
});
