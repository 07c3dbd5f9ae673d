/** The page against a running Clearline with demonstration data: CLEARLINE_URL, CLEARLINE_TOKEN. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import type { Browser } from "playwright-core";

import { speak } from "../../src/shared/text/index.ts";
import { textsOf } from "../picture.ts";
import { figure, launch, open, ready, signedIn, token, url, violations } from "./browser.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

test("the first view shows the districts, the figures and their labels", async () => {
  const { page, complaints } = await open(browser);
  assert.equal(await figure(page, "neutralised"), 2728);
  await page.getByText("No record does not mean no danger.").first().waitFor();
  await page.getByText(/^Demonstration: /).waitFor();
  // The map is drawn in a canvas: a click on Kalbajar's location shows whether it is there.
  const answer = await page.request.get(`${url}/summary/regions`);
  const { total } = (await answer.json()) as { total: { neutralised: { quantity: number } } };
  assert.equal(total.neutralised.quantity, await figure(page, "neutralised"));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a district found under another spelling shows its figures beside the reported ones with their source", async () => {
  const { page, complaints } = await open(browser);
  await page.getByRole("combobox").fill("Kelbecer");
  await page.getByRole("option", { name: "Kalbajar District" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("region=AZ-KAL"));
  await page.getByRole("heading", { name: "Kalbajar", exact: true }).waitFor();
  const reported = page.locator("[data-reported]", { hasText: "1,119" });
  await reported.waitFor();
  assert.match(await reported.innerText(), /landmines of 2021 production/);
  assert.match(await page.locator("article", { has: reported }).innerText(), /Foreign Ministry of Azerbaijan.*Caspian News/s);
  const recorded = await figure(page, "neutralised");
  assert.ok(recorded > 0 && recorded < 1119, `${recorded} items are recorded in Kalbajar alone`);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a town is found with its kind, beside the figures of its district; a pasted position moves the map", async () => {
  const { page, complaints } = await open(browser, "#lang=en");
  await page.getByRole("combobox").fill("Kalbajar town");
  await page.getByRole("option").first().filter({ hasText: "Place" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.includes("region=AZ-KAL") && location.hash.includes("at=12.00/40.1"));
  await page.getByRole("heading", { name: "Kalbajar", exact: true }).waitFor();

  await page.getByRole("combobox").fill("39°45'36\"N 46°45'0\"E");
  await page.getByRole("option", { name: "39.76000, 46.75000 Position" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /at=14\.00\/39\.76\d*\/46\.75/.test(location.hash));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("filters change the counts and the address, a reload reopens the view, and Back goes back", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-LAC");
  const all = await figure(page, "neutralised");
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  await page.getByLabel("Anti-vehicle mine", { exact: true }).check();
  await page.waitForFunction(() => location.hash.includes("kind=av_mine"));
  await page.waitForFunction((before) => Number(document.querySelector("[data-figure=neutralised]")?.textContent.replace(/\D/g, "")) < before, all);
  const fewer = await figure(page, "neutralised");
  const address = page.url();
  await page.reload();
  await ready(page);
  assert.equal(await figure(page, "neutralised"), fewer);
  assert.match(page.url(), /region=AZ-LAC/);
  assert.match(page.url(), /kind=av_mine/);
  const at = (text: string): string | undefined => /at=[^&]*/.exec(text)?.[0];
  assert.equal(at(page.url()), at(address));
  await page.goBack();
  await page.waitForFunction((before) => document.querySelector("[data-figure=neutralised]")?.textContent.replace(/\D/g, "") === String(before), all);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a click on the map opens a card with its link, and Escape or the cross closes it", async () => {
  const { page, complaints } = await open(browser, "#at=8.5/40.05/46.2");
  await page.locator(".map canvas").click({ position: { x: 900, y: 400 } });
  const card = page.locator(".maplibregl-popup article");
  await card.waitFor();
  assert.match((await card.getByRole("link").first().getAttribute("href")) ?? "", /^\/summary\/regions\/AZ-/);
  await card.getByRole("button", { name: "Close" }).click();
  await card.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the list holds the records that the map shows", async () => {
  const { page, complaints } = await open(browser, "#at=9/40/46.4&list=1");
  await page.getByRole("heading", { name: /^Records in view/ }).waitFor();
  await page.getByRole("link", { name: /^JSON, Record / }).first().waitFor();
  const rows = await page.getByRole("link", { name: /^JSON, Record / }).count();
  assert.equal(rows, 50);
  await page.getByRole("button", { name: "Show more" }).click();
  await page.waitForFunction(() => document.querySelectorAll("a.json").length > 50);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("Enter opens a listed record's card on the map, and Escape returns the focus and the map", async () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 640 }]) {
    const { page, complaints } = await open(browser, "#at=9/40/46.4&list=1", { viewport });
    const entry = page.locator("tr:has(a.json) button").nth(2);
    const at = await entry.evaluate((element) => element.closest("tr")?.querySelector("a")?.getAttribute("href"));
    await entry.press("Enter");
    const card = page.locator("article:has(.close)");
    await card.getByRole("link", { name: "Record (JSON)" }).waitFor();
    assert.equal(await card.getByRole("link", { name: "Record (JSON)" }).getAttribute("href"), at);
    await page.waitForFunction(() => document.querySelector("article:has(.close)")?.contains(document.activeElement));
    await page.waitForFunction(() => location.hash.includes("at=13"));
    await page.keyboard.press("Escape");
    await card.waitFor({ state: "detached" });
    await page.waitForFunction((href) => document.activeElement?.closest("tr")?.querySelector("a.json")?.getAttribute("href") === href, at);
    await page.waitForFunction(() => location.hash.includes("at=9.00"));
    // A second Escape closes the list, and the focus is on the button that opens it.
    await page.keyboard.press("Escape");
    await page.locator(".sheet").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.id === "open-list");
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test("a hidden note leaves its name, and the demonstration stays marked", async () => {
  const { page, complaints } = await open(browser);
  const banner = page.getByRole("note");
  await banner.getByRole("button", { name: "Hide this note" }).press("Enter");
  await banner.getByText("Demonstration", { exact: true }).waitFor();
  assert.equal(await page.getByText(/^Demonstration: /).count(), 0);
  await page.keyboard.press("Enter");
  await page.getByText(/^Demonstration: /).waitFor();
  await page.keyboard.press("Escape");
  await banner.getByText("Demonstration", { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the curve is read with the keys and has a table of the same numbers", async () => {
  const { page, complaints } = await open(browser);
  const curve = page.getByRole("slider", { name: /^Month by month/ });
  await curve.focus();
  await page.keyboard.press("Home");
  assert.match((await curve.getAttribute("aria-valuetext")) ?? "", /^August 2022: items detected [\d,]+, neutralised [\d,]+/);
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByRole("rowheader", { name: "Aug 2022" }).waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  assert.match((await saved).suggestedFilename(), /\.csv$/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("every downloaded file states its contents, dates, source, and that it is a demonstration", async () => {
  for (const lang of ["en", "az", "ru"] as const) {
    const hash = `#region=AZ-KAL&kind=ap_mine&as_of=2023-06-30&lang=${lang}`;
    const { page, complaints } = await open(browser, hash);
    const { t } = speak(lang);
    const said = [t.file.source, t.file.madeUp, t.file.region, t.file.filters, t.kinds.ap_mine, t.stateAt(speak(lang).month("2023-06-30")), t.file.dataTo, "region=AZ-KAL"];
    const saved = async (what: string): Promise<Buffer> => {
      const waits = page.waitForEvent("download");
      await page.getByRole("button", { name: what, exact: true }).click();
      return readFile(await (await waits).path());
    };
    const svg = (await saved("SVG")).toString();
    const captions = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text).join(" ");
    for (const each of said) {
      assert.ok(captions.includes(each), `the picture shows ${each}`);
      assert.ok((/<desc>([^]*)<\/desc>/.exec(svg)?.[1] ?? "").includes(each), `the description says ${each}`);
    }
    const told = JSON.parse((/<metadata>([^]*)<\/metadata>/.exec(svg)?.[1] ?? "").replaceAll("&amp;", "&")) as Record<string, string>;
    assert.equal(told.filters, "kind=ap_mine");
    assert.equal(told.period, "as_of 2023-06-30");
    assert.match(told.data_to ?? "", /^\d{4}-\d\d-\d\d$/);
    assert.ok(told.url?.startsWith(url) && told.url.includes("region=AZ-KAL"));

    const texts = textsOf(await saved("PNG"));
    assert.equal(texts.get("clearline:filters"), "kind=ap_mine");
    assert.equal(texts.get("clearline:url"), told.url);
    for (const each of said) assert.ok(texts.get("Description")?.includes(each), `the properties say ${each}`);

    const csv = (await saved("CSV")).toString();
    assert.ok(csv.startsWith("\uFEFFmonth,items_detected,items_neutralised,items_detected_cumulative,items_neutralised_cumulative,source,demonstration,"));
    const rows = csv.trim().split("\r\n").slice(1);
    assert.ok(rows.length > 3);
    for (const row of rows) for (const each of ["kind=ap_mine", "as_of 2023-06-30", told.data_to ?? "", "region=AZ-KAL", told.demonstration ?? "", told.source ?? ""]) assert.ok(row.includes(each), `${row} says ${each}`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test("districts are counted as districts, and a number states its total", async () => {
  for (const lang of ["en", "az", "ru"] as const) {
    const { page, complaints } = await open(browser, `#lang=${lang}`);
    const answer = await page.request.get(`${url}/summary/regions`);
    const { regions } = (await answer.json()) as { regions: { id: string; level: string; recorded: { records: number; quantity: number; neutralised: { quantity: number } } }[] };
    const districts = regions.filter(({ level }) => level === "district");
    const empty = districts.filter(({ recorded }) => recorded.records === 0);
    assert.ok((await page.locator("[data-empty]").innerText()).startsWith(speak(lang).t.noDataIn(String(empty.length), String(districts.length), districts.length)));
    const fullest = regions.filter(({ level }) => level === "economic_region").sort((a, b) => b.recorded.quantity - a.recorded.quantity)[0];
    assert.ok(fullest !== undefined);
    const { number, t } = speak(lang);
    await page.getByRole("button", { name: t.countOf(number(fullest.recorded.neutralised.quantity), number(fullest.recorded.quantity)) }).waitFor();
    assert.ok((await page.locator("[data-legend=districtCount]").innerText()).startsWith(t.counts.both));
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

test("a period counts what happened in it: figures, bars and files agree, and nothing is a share", async () => {
  const { page, complaints } = await open(browser, "#from=2023-08-01&to=2023-08-31");
  const answer = await page.request.get(`${url}/summary/regions?events=2023-08-01/2023-08-31`);
  const { total } = (await answer.json()) as { total: Record<"found" | "neutralised", { quantity: number }> };
  assert.deepEqual([await figure(page, "neutralised"), await figure(page, "detected")], [total.neutralised.quantity, total.found.quantity]);
  await page.getByText("found in the period").first().waitFor();
  await page.getByRole("heading", { name: "August 2023", exact: true }).waitFor();
  const { number } = speak("en");
  const curve = page.getByRole("slider", { name: /^Month by month/ });
  assert.equal(
    await curve.getAttribute("aria-valuetext"),
    `August 2023: items detected ${number(total.found.quantity)}, neutralised ${number(total.neutralised.quantity)}; in the period so far: detected ${number(total.found.quantity)}, neutralised ${number(total.neutralised.quantity)}`,
  );
  assert.equal(await curve.getAttribute("aria-valuemax"), "0", "the chart ends with the period");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const [, row, ...rest] = (await readFile(await (await saved).path(), "utf8")).trim().split("\r\n");
  assert.deepEqual([row?.split(",").slice(0, 3), rest], [["2023-08", String(total.found.quantity), String(total.neutralised.quantity)], []]);
  assert.equal(await page.getByText(/of recorded items are neutralised/).count(), 0);
  assert.equal(await page.locator("aside .bar").count(), 0);
  await page.locator("[data-legend=neutralisedIn]").waitFor();
  await page.getByRole("button", { name: "Found", exact: true }).click();
  await page.locator("[data-legend=detectedIn]").waitFor();
  assert.match(page.url(), /count=found/);
  await page.getByText("Data to 18 Sep 2023").waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("inside a district the list names it", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-LAC&at=15/39.7/46.3&list=1");
  await page.getByRole("heading", { name: "Districts in view 1" }).waitFor();
  await page.getByRole("rowheader", { name: "Lachin" }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the keys narrow the dates on the timeline", async () => {
  const { page, complaints } = await open(browser);
  const all = await figure(page, "neutralised");
  await page.getByRole("button", { name: "Period" }).click();
  await page.getByRole("slider", { name: "First month shown" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => location.hash.includes("from=2022-09-01"));
  await page.waitForFunction((before) => Number(document.querySelector("[data-figure=neutralised]")?.textContent.replace(/\D/g, "")) < before, all);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a posted record appears without a reload, in the figures and on the map", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-LAC&at=13/39.7/46.3");
  const before = await figure(page, "detected");
  const tile = page.waitForResponse((response) => response.url().includes('/tiles/detections/13/'));
  const answer = await page.request.post(`${url}/collections/detections/items`, {
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/geo+json" },
    data: JSON.stringify({
      type: "Feature",
      id: randomUUID(),
      geometry: { type: "Point", coordinates: [46.3, 39.7] },
      properties: { kind: "ap_mine", detected_on: "2023-09-01", status: "detected", quantity: 3 },
    }),
  });
  assert.equal(answer.status(), 201, await answer.text());
  await page.waitForFunction((n) => Number(document.querySelector("[data-figure=detected]")?.textContent.replace(/\D/g, "")) === n, before + 3);
  assert.ok((await tile).ok());
  await page.getByText("Updated just now").waitFor();
  // With a real record beside the made-up ones, the banner stays and states how many are made up.
  await page.getByText(/^Demonstration: [\d,]+ of [\d,]+ records are made up\.$/).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("on a phone the sheet has three heights and the figures come first", async () => {
  const { page, complaints } = await open(browser, "", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const sheet = page.locator("aside");
  const shown = async (): Promise<number> => 844 - ((await sheet.boundingBox())?.y ?? 844);
  const settled = async (least: number): Promise<void> => {
    await page.waitForFunction((n) => innerHeight - (document.querySelector("aside")?.getBoundingClientRect().top ?? innerHeight) > n, least);
  };
  assert.ok((await shown()) < 300);
  assert.ok(await page.locator("[data-figure=neutralised]").isVisible());
  await sheet.getByRole("button", { name: "Show more" }).click();
  await settled(400);
  await sheet.getByRole("button", { name: "Show all" }).click();
  await settled(700);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("in Azerbaijani the page uses Azerbaijani letters, numbers and dates", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-KAL&lang=az");
  await page.getByRole("heading", { name: "Kəlbəcər", exact: true }).waitFor();
  await page.getByText("Qeydin olmaması təhlükənin olmaması demək deyil.").first().waitFor();
  await page.getByText("18 sen 2023").first().waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), "az");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

for (const [what, hash, options] of [
  ["the first view", "", {}],
  ["a district in the dark", "#region=AZ-KAL&theme=dark", {}],
  ["the list", "#list=1&at=9/40/46.4", {}],
  ["a phone", "", { viewport: { width: 390, height: 844 }, hasTouch: true }],
] as const) {
  test(`axe finds nothing in ${what}`, async () => {
    const { page } = await open(browser, hash, options);
    const filters = page.getByRole("button", { name: "Filters", exact: true });
    if (what === "the first view") await filters.click();
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });
}

test("the card shows both reliabilities of a record to those who may read them", async () => {
  const [lon, lat] = [46.75, 39.55];
  const id = randomUUID();
  const properties = { kind: "uxo", detected_on: "2023-03-14", neutralised_on: "2023-03-15", source_reliability: "record", information_reliability: "probable" };
  const sent = await fetch(`${url}/collections/detections/items`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/geo+json" },
    body: JSON.stringify({ type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties }),
  });
  assert.equal(sent.status, 201);
  const said = { en: "from a minefield record, probable", az: "mina sahəsi sənədindən, ehtimallıdır", ru: "по записи о минном поле, вероятно" };
  for (const [language, text] of Object.entries(said)) {
    const { page, complaints } = await open(browser, `#lang=${language}&at=18/${lat}/${lon}`, await signedIn(token));
    await page.locator(".map canvas").click({ position: { x: 720, y: 450 } });
    await page.locator(".maplibregl-popup article").getByText(text).waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
  const seen = (await (await fetch(`${url}/collections/detections/items/${id}`)).json()) as { properties: Record<string, unknown> };
  assert.equal(seen.properties.information_reliability, undefined);
  assert.equal((await fetch(`${url}/collections/detections/items/${id}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } })).status, 204);
});
