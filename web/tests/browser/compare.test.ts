/** The table of districts against a running Clearline with demonstration data: periods, order, file, side by side, filters. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { monthsBetween } from "../../src/state/days.ts";
import { figure, launch, open, url, violations } from "./browser.ts";

const AUGUST = "#districts=all&from=2023-08-01&to=2023-08-31";

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

async function cells(page: Page, id: string): Promise<string[]> {
  const row = page.locator(`[data-row=${id}]`);
  await row.waitFor();
  return row.locator("td").allInnerTexts();
}

interface Happened {
  regions: { id: string; events: Record<"found" | "neutralised", { quantity: number }> }[];
}

async function happened(page: Page, events: string, id: string): Promise<Happened["regions"][number]["events"]> {
  const answer = await page.request.get(`${url}/summary/regions?events=${events}`);
  const region = ((await answer.json()) as Happened).regions.find((each) => each.id === id);
  assert.ok(region);
  return region.events;
}

const number = (text = ""): number => Number(text.replace("−", "-").replace(/[+,]/g, ""));

test("the table shows a period against the one before, with the server's counts", async () => {
  const { page, complaints } = await open(browser, AUGUST);
  await page.getByText("August 2023, against July 2023", { exact: true }).waitFor();
  const now = await happened(page, "2023-08-01/2023-08-31", "AZ-KAL");
  const then = await happened(page, "2023-07-01/2023-07-31", "AZ-KAL");
  const shown = (await cells(page, "AZ-KAL")).slice(2).map(number);
  const expected = (["found", "neutralised"] as const).flatMap((of) => [now[of].quantity, then[of].quantity, now[of].quantity - then[of].quantity]);
  assert.deepEqual(shown, expected);
  assert.ok(now.found.quantity > 0, "the test needs a district in which something happened");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("presets count back from the newest record and state their days; Back returns to the period before", async () => {
  const { page, complaints } = await open(browser, "#districts=all");
  await page.getByText("Choose a period to see").waitFor();
  await page.getByRole("button", { name: "Last 12 months" }).click();
  await page.locator("[data-span]").waitFor();
  const [, from = "", to = ""] = /from=([\d-]+)&to=([\d-]+)/.exec(page.url()) ?? [];
  const { updated } = (await (await page.request.get(`${url}/summary/regions`)).json()) as { updated: string };
  assert.equal(to.slice(0, 7), updated.slice(0, 7));
  assert.equal(monthsBetween(from.slice(0, 7), to.slice(0, 7)), 11);
  assert.ok(await page.getByRole("button", { name: "Last 12 months", pressed: true }).isVisible());
  await page.locator("[data-uncovered]").waitFor();
  await page.getByRole("button", { name: "Last month" }).click();
  await page.waitForFunction((month) => location.hash.includes(`from=${month}-01`), updated.slice(0, 7));
  await page.goBack();
  await page.waitForFunction((day) => location.hash.includes(`from=${day}`), from);
  assert.ok(await page.getByRole("button", { name: "Last 12 months", pressed: true }).isVisible());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a district without a record before has no change, and one without records has no number", async () => {
  const { page } = await open(browser, "#districts=all&from=2022-08-01&to=2022-08-31");
  await page.locator("[data-span]").waitFor();
  assert.ok((await cells(page, "AZ-KAL")).includes("no record before"));
  assert.deepEqual(await cells(page, "AZ-GAD"), ["No data"]);
  await page.context().close();
});

test("the keyboard sorts the table, and the heading says how", async () => {
  const { page } = await open(browser, "#districts=all");
  const heading = page.getByRole("columnheader", { name: "Records" });
  await heading.getByRole("button").focus();
  await page.keyboard.press("Enter");
  assert.equal(await heading.getAttribute("aria-sort"), "descending");
  const first = async (): Promise<number> => number(await page.locator("[data-row] td").first().innerText());
  const most = await first();
  await page.keyboard.press("Enter");
  assert.equal(await heading.getAttribute("aria-sort"), "ascending");
  assert.ok((await first()) < most);
  assert.equal(await page.locator("th[aria-sort]").count(), 1);
  await page.context().close();
});

test("the file has the rows of the screen with their source, period and the mark of the demonstration", async () => {
  const { page } = await open(browser, AUGUST.replace("all", "AZ-east-zangezur"));
  await page.locator("[data-span]").waitFor();
  const rows = await page.locator("[data-row]").count();
  const saved = page.waitForEvent("download");
  await page.locator(".sheet").getByRole("button", { name: "CSV" }).click();
  const text = await readFile(await (await saved).path(), "utf8");
  const [heading = "", ...lines] = text.replace("\uFEFF", "").trimEnd().split("\r\n");
  assert.match(heading, /^id,district,records,.*items_found_change,.*source,demonstration,region,filters,period,period_before,data_to,url,notice$/);
  assert.equal(lines.length, rows);
  const kalbajar = lines.find((line) => line.startsWith("AZ-KAL,Kalbajar,")) ?? "";
  for (const part of ["made up", "East Zangezur", "2023-08-01/2023-08-31", "2023-07-01/2023-07-31", "districts=AZ-east-zangezur"]) assert.ok(kalbajar.includes(part), `${part} in ${kalbajar}`);
  const found = kalbajar.split(",")[heading.split(",").indexOf("items_found_in_period")];
  assert.equal(number(found), (await happened(page, "2023-08-01/2023-08-31", "AZ-KAL")).found.quantity);
  await page.context().close();
});

test("selected districts stand side by side, up to four; the address reopens them, and Back removes the last", async () => {
  const { page, complaints } = await open(browser, AUGUST);
  for (const name of ["Kalbajar", "Lachin", "Aghdam", "Fuzuli"]) await page.getByRole("checkbox", { name: `Select ${name}`, exact: true }).check();
  await page.locator("[data-beside] svg[role=img]").nth(3).waitFor();
  assert.ok(await page.getByRole("checkbox", { name: "Select Baku", exact: true }).isDisabled());
  const names = await page.locator("[data-beside] h4").allInnerTexts();
  assert.deepEqual(names, ["Kalbajar", "Lachin", "Aghdam", "Fuzuli"]);
  assert.equal(new Set(await page.locator("[data-beside] svg[role=img]").evaluateAll((all) => all.map((each) => each.querySelector("text")?.textContent))).size, 1, "common axes");
  assert.deepEqual(await violations(page), []);
  await page.reload();
  await page.locator("[data-beside]").nth(3).waitFor();
  await page.goBack();
  await page.locator("[data-beside=AZ-FUZ]").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Remove Lachin" }).click();
  await page.waitForFunction(() => /beside=AZ-KAL,AZ-AGM(&|$)/.test(location.hash));
  await page.getByLabel("Districts of").selectOption("selected");
  await page.waitForFunction(() => document.querySelectorAll("[data-row]").length === 2);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the operators that the server names are a filter, kept in the address", async () => {
  const { page } = await open(browser, "", {}, async (opened) => {
    await opened.route((asked) => asked.pathname === "/summary" && asked.search === "?by=operator", (route) =>
      route.fulfill({ json: { revision: 2, by: ["operator"], rows: [{ operator: "demonstration", records: 2, quantity: 2 }, { operator: "Alpha", records: 1, quantity: 1 }], total: { records: 3, quantity: 3 } } }));
  });
  const all = await figure(page, "neutralised");
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  const operator = page.getByLabel("Operator", { exact: true });
  await operator.selectOption("Alpha");
  await page.getByText("No records here match the filters.").first().waitFor();
  assert.match(page.url(), /operator=Alpha/);
  await operator.selectOption("the demonstration (made-up places)");
  await page.waitForFunction((count) => Number(document.querySelector("[data-figure=neutralised]")?.textContent.replace(/\D/g, "")) === count, all);
  assert.match(page.url(), /operator=demonstration/);
  await page.goBack();
  await page.getByText("No records here match the filters.").first().waitFor();
  await page.context().close();
});

test("one operator alone is no filter", async () => {
  const { page } = await open(browser, "", {}, async (opened) => {
    await opened.route((asked) => asked.pathname === "/summary" && asked.search === "?by=operator", (route) =>
      route.fulfill({ json: { revision: 2, by: ["operator"], rows: [{ operator: "demonstration", records: 3, quantity: 3 }], total: { records: 3, quantity: 3 } } }));
  });
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  await page.getByLabel("From").waitFor();
  assert.equal(await page.getByLabel("Operator", { exact: true }).count(), 0);
  await page.context().close();
});

test("the table opens from the panel, fits a phone in every language, and axe finds nothing", async () => {
  for (const lang of ["en", "az", "ru"]) {
    const { page, complaints } = await open(browser, `${AUGUST}&beside=AZ-KAL,AZ-LAC&lang=${lang}`, { viewport: { width: 360, height: 740 } });
    await page.locator("[data-beside] svg[role=img]").nth(1).waitFor();
    assert.deepEqual(await violations(page), [], lang);
    const wide = await page.locator(".sheet > .scroll").evaluate((each) => each.scrollWidth - each.clientWidth);
    assert.ok(wide <= 0, `${lang}: ${wide} px too wide`);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
  const { page } = await open(browser);
  await page.getByRole("button", { name: "Compare districts" }).click();
  await page.getByRole("heading", { name: "Compare districts" }).waitFor();
  assert.match(page.url(), /districts=all/);
  await page.context().close();
});

test("reported clearance stands above reported casualties, under its source in the language of the data", async () => {
  const { page } = await open(browser, "#lang=ru");
  await page.locator("[data-reported]").first().waitFor();
  await page.getByRole("button", { name: /^Показать ещё/ }).click();
  const order = await page.locator("[data-reported]").evaluateAll((all) => all.map((each) => each.getAttribute("data-reported") ?? ""));
  const casualties = order.indexOf("mine-casualties");
  assert.ok(casualties > order.indexOf("anama-2024-08-area") && casualties > order.indexOf("cluster-munitions-total"), order.join());
  assert.equal(await page.locator("article .source span[lang=en]").first().count(), 1);
  await page.context().close();
});
