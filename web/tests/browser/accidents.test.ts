/** Accidents on the map, in cards, figures and the list: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { launch, makeToken, open, signedIn, token, url, violations } from "./browser.ts";

const PLACE = [46.31, 39.73] as const;
const AT = `#region=AZ-LAC&at=15/${PLACE[1]}/${PLACE[0]}`;
const MIDDLE = { x: 720, y: 450 };
const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/geo+json" };

let browser: Browser;
const id = randomUUID();

before(async () => {
  browser = await launch();
  const victims = [{ outcome: "killed", sex: "male", age_group: "adult", status: "civilian" }, { outcome: "injured", sex: "female", age_group: "child" }];
  const properties = { class: "mine", occurred_on: "2023-09-01", time: "04:30", device: "av_mine", note: "Found by Ali Aliyev", victims };
  const answer = await fetch(`${url}/collections/accidents/items`, {
    method: "POST",
    headers,
    body: JSON.stringify({ type: "Feature", id, geometry: { type: "Point", coordinates: PLACE }, properties }),
  });
  assert.equal(answer.status, 201, await answer.text());
});

after(async () => {
  await browser.close();
  await fetch(`${url}/collections/accidents/items/${id}?reason=test`, { method: "DELETE", headers });
});

test("a reader of records opens an accident's card, with its victims and without its note", async () => {
  const { page, complaints } = await open(browser, AT, await signedIn(await makeToken("viewer", "Reader of accidents")));
  await page.locator("[data-legend=accident-killed]").getByText("People killed").waitFor();
  await page.mouse.click(MIDDLE.x, MIDDLE.y);
  const card = page.locator("article.wide");
  await card.getByRole("heading", { name: "Accident: Mine" }).waitFor();
  await card.getByText("1 person killed, 1 person injured").waitFor();
  await card.getByText("1 Sep 2023, 04:30").waitFor();
  const victim = card.getByRole("region", { name: "Victims" }).locator("li").first();
  assert.deepEqual(await victim.locator("dt").allInnerTexts(), ["Outcome", "Sex", "Age", "Status"]);
  assert.deepEqual(await victim.locator("dd").allInnerTexts(), ["Killed", "Male", "Adult", "Civilian"]);
  assert.equal(await card.getByText("Aliyev").count(), 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("an accident's card opens by keyboard from the list, and Escape returns to it", async () => {
  const { page, complaints } = await open(browser, `${AT}&list=1`, await signedIn(await makeToken("viewer", "Reader of accidents")));
  const entry = page.getByRole("row", { name: /1 person killed/ }).getByRole("button");
  await entry.press("Enter");
  await page.locator("article.wide").getByRole("heading", { name: "Accident: Mine" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("article.wide").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement?.closest("tr")?.textContent.includes("1 person killed"));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("accidents can be hidden, which the address remembers, and chosen days hide those of other days", async () => {
  const options = await signedIn(await makeToken("viewer", "Reader of accidents"));
  const { page } = await open(browser, AT, options);
  const entry = page.locator("[data-legend=accident-killed]");
  await entry.waitFor();
  await page.getByLabel("Show accidents").uncheck();
  await entry.waitFor({ state: "detached" });
  assert.match(page.url(), /accidents=0/);
  await page.getByLabel("Show accidents").check();
  await entry.waitFor();
  await page.goto(`${url}/${AT}&from=2022-01-01&to=2022-01-31`);
  await page.reload();
  await page.waitForSelector(".map[data-drawn=true]");
  assert.equal(await entry.count(), 0);
  await page.context().close();
});

test("a reader of records finds accidents in the list and in the figures", async () => {
  const { page } = await open(browser, `${AT}&list=1`, await signedIn(await makeToken("viewer", "Reader of accidents")));
  await page.getByRole("heading", { name: "Accidents in view" }).waitFor();
  await page.getByRole("row", { name: /Mine 1 person killed, 1 person injured 1 Sep 2023/ }).waitFor();
  const figures = page.locator("[data-accidents]");
  assert.ok(Number(await figures.locator("[data-figure=killed]").innerText()) >= 1);
  await page.context().close();
});

test("the public requests no tile of accidents, and no withheld number reads as 0", async () => {
  const asked: string[] = [];
  const { page, complaints } = await open(browser, AT, {}, async (page) => {
    page.on("request", (request) => asked.push(request.url()));
    await page.route("**/summary/accidents**", (route) =>
      route.fulfill({ json: { revision: 1, demonstration: true, min_cell_count: 5, by: ["region"], rows: [], total: { accidents: null, killed: null, injured: null } } }),
    );
  });
  const figures = page.locator("[data-accidents]");
  await figures.locator("[data-withheld]").getByText("fewer than 5").waitFor();
  await figures.getByText("Includes made-up records").waitFor();
  assert.equal(await figures.locator("[data-figure]").count(), 0);
  assert.equal(asked.some((each) => each.includes("/tiles/accidents")), false);
  assert.equal(await page.getByLabel("Show accidents").count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("recorded accidents stand beside the reported casualties of the country", async () => {
  const { page } = await open(browser);
  const group = page.locator("article", { has: page.locator("[data-reported=mine-casualties]") });
  if ((await group.count()) === 0) await page.getByRole("button", { name: /more reported/ }).click();
  await group.locator("[data-beside=AZ]").getByText("Nov 2020 to Sep 2023").waitFor();
  assert.equal(await group.locator("[data-beside]").count(), 1);
  await page.context().close();
});
