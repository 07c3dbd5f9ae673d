/** The timeline's player against a running Clearline with demonstration data: CLEARLINE_URL, CLEARLINE_TOKEN. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Browser, Locator, Page } from "playwright-core";

import { figure, launch, open, token, url, violations } from "./browser.ts";

const MONTHS = ["2022-08-31 August 2022", "2022-09-30 September 2022", "2022-10-31 October 2022"].map((text) => ({ day: text.slice(0, 10), name: text.slice(11) }));
let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

const month = (page: Page): Locator => page.getByRole("slider", { name: "State at the end of" });

async function headed(page: Page, heading: string): Promise<void> {
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
}

/** The server's item counts at the end of a day; null for now. */
async function counted(page: Page, day: string | null): Promise<{ detected: number; neutralised: number }> {
  const answer = await page.request.get(`${url}/summary/regions${day === null ? "" : `?as_of=${day}`}`);
  const { total } = (await answer.json()) as { total: Record<"detected" | "neutralised", { quantity: number }> };
  return { detected: total.detected.quantity, neutralised: total.neutralised.quantity };
}

async function figures(page: Page): Promise<{ detected: number; neutralised: number }> {
  return { detected: await figure(page, "detected"), neutralised: await figure(page, "neutralised") };
}

for (const reducedMotion of ["no-preference", "reduce"] as const) {
  test(`it plays three months, each with its figures and only when its tiles are there (motion: ${reducedMotion})`, async () => {
    const { page, complaints } = await open(browser, "#at=9.5/39.9/46.4", { reducedMotion });
    const [asked, under_way]: Set<string>[] = [new Set(), new Set()];
    page.on("request", (request) => {
      if (!request.url().includes("/tiles/detections/")) return;
      asked?.add(request.url());
      under_way?.add(request.url());
    });
    for (const event of ["requestfinished", "requestfailed"] as const) page.on(event as "requestfinished", (request) => under_way?.delete(request.url()));

    await page.getByRole("button", { name: "Play month by month" }).click();
    const seen: number[] = [];
    for (const { day, name } of MONTHS) {
      await headed(page, `State at the end of ${name}`);
      const of = (urls: Set<string> | undefined): string[] => [...(urls ?? [])].filter((each) => each.includes(`as_of=${day}`));
      assert.ok(of(asked).length > 0, `tiles were requested as of ${day}`);
      assert.deepEqual(of(under_way), [], `tiles of ${day} were still loading`);
      assert.deepEqual(await figures(page), await counted(page, day));
      assert.match(page.url(), new RegExp(`as_of=${day}`));
      assert.equal(await month(page).getAttribute("aria-valuetext"), name);
      seen.push(await figure(page, "neutralised"));
    }
    assert.ok(seen.every((n, i) => i === 0 || n > (seen[i - 1] ?? Infinity)), `${seen.join(", ")} grow`);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Play month by month" }).waitFor();

    // Back leads to where playback started.
    await page.goBack();
    await headed(page, "Now");
    assert.doesNotMatch(page.url(), /as_of/);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}

test("the keys step through the months, and Space plays", async () => {
  const { page, complaints } = await open(browser);
  const said = async (key: string, text: string): Promise<void> => {
    await page.keyboard.press(key);
    assert.equal(await month(page).getAttribute("aria-valuetext"), text);
  };
  await month(page).focus();
  assert.equal(await month(page).getAttribute("aria-valuetext"), "Today");
  await said("ArrowLeft", "September 2023");
  await said("ArrowLeft", "August 2023");
  await said("ArrowRight", "September 2023");
  await said("PageDown", "September 2022");
  await said("PageUp", "September 2023");
  await said("Home", "August 2022");
  await said("ArrowLeft", "August 2022");
  await headed(page, "State at the end of August 2022");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await headed(page, "State at the end of September 2022");
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Play month by month" }).waitFor();
  await said("End", "Today");
  await headed(page, "Now");
  assert.doesNotMatch(page.url(), /as_of/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a link opens a date, Today leaves it, and Back returns", async () => {
  const { page, complaints } = await open(browser, "#as_of=2023-03-31");
  await headed(page, "State at the end of March 2023");
  const past = await counted(page, "2023-03-31");
  assert.deepEqual(await figures(page), past);
  await page.getByText("whatever date you select").waitFor();
  assert.match((await page.locator("#figures").getByRole("link", { name: "Data (JSON)" }).getAttribute("href")) ?? "", /as_of=2023-03-31/);

  await page.getByRole("button", { name: "Today" }).click();
  await headed(page, "Now");
  assert.deepEqual(await figures(page), await counted(page, null));
  await page.goBack();
  await headed(page, "State at the end of March 2023");
  assert.deepEqual(await figures(page), past);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the handle can be dragged, the buttons step, and one Back undoes the whole drag", async () => {
  const { page, complaints } = await open(browser);
  const box = await page.locator(".track.state").boundingBox();
  assert.ok(box !== null);
  // Fourteen months, the gap after them, twice as wide, and today.
  const columns = 17;
  const at = (column: number): [number, number] => [box.x + ((column + 0.5) * box.width) / columns, box.y + 20];
  await page.mouse.move(...at(columns - 1));
  await page.mouse.down();
  await page.mouse.move(...at(8), { steps: 6 });
  await page.mouse.move(...at(3), { steps: 5 });
  await page.mouse.up();
  await headed(page, "State at the end of November 2022");
  assert.deepEqual(await figures(page), await counted(page, "2022-11-30"));
  await page.getByRole("button", { name: "Previous month" }).click();
  await headed(page, "State at the end of October 2022");
  await page.getByRole("button", { name: "Next month" }).click();
  await headed(page, "State at the end of November 2022");
  await page.goBack();
  await headed(page, "Now");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a period and a date replace each other", async () => {
  const { page, complaints } = await open(browser, "#as_of=2023-03-31");
  await page.getByRole("button", { name: "Period" }).click();
  await page.getByRole("slider", { name: "Last month shown" }).focus();
  await page.keyboard.press("ArrowLeft");
  await headed(page, "1 Aug 2022 to 31 Aug 2023");
  assert.doesNotMatch(page.url(), /as_of/);
  await page.getByRole("button", { name: "Previous month" }).click();
  await headed(page, "State at the end of September 2023");
  assert.doesNotMatch(page.url(), /from=|to=/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("with a date chosen, other regions and kinds are shown as of that date", async () => {
  const { page, complaints } = await open(browser, "#as_of=2023-03-31");
  const all = await figure(page, "neutralised");
  const tile = page.waitForRequest((request) => /\/tiles\/detections\/.*kind=ap_mine.*as_of=2023-03-31/.test(request.url()));
  await page.getByRole("button", { name: "Filters", exact: true }).click();
  await page.getByLabel("Anti-personnel mine", { exact: true }).check();
  await tile;
  await page.waitForFunction((before) => Number(document.querySelector("[data-figure=neutralised]")?.textContent.replace(/\D/g, "")) < before, all);
  await page.getByRole("combobox").fill("Lachin");
  await page.getByRole("option", { name: "Lachin District" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Lachin", exact: true }).waitFor();
  const answer = await page.request.get(`${url}/summary/regions/AZ-LAC?kind=ap_mine&as_of=2023-03-31`);
  const { region } = (await answer.json()) as { region: { recorded: { neutralised: { quantity: number } } } };
  assert.equal(await figure(page, "neutralised"), region.recorded.neutralised.quantity);
  await headed(page, "State at the end of March 2023");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the card of a record neutralised later shows it as detected, with the later day", async () => {
  const day = "2023-06-30";
  const answer = await fetch(`${url}/collections/detections/items?status=neutralised&datetime=${day}/..&limit=10000`);
  const { features } = (await answer.json()) as { features: { geometry: { coordinates: [number, number] }; properties: { detected_on: string; neutralised_on: string } }[] };
  const later = features.find(({ properties }) => properties.detected_on <= day && properties.neutralised_on > day);
  assert.ok(later !== undefined, "the demonstration holds one");
  const [lon, lat] = later.geometry.coordinates;
  const { page, complaints } = await open(browser, `#at=18/${lat}/${lon}&as_of=${day}`);
  await page.locator(".map canvas").click({ position: { x: 720, y: 450 } });
  const card = page.locator(".maplibregl-popup article");
  await card.getByText("Neutralised later").waitFor();
  assert.equal(await card.getByText("Detected", { exact: true }).count(), 1);
  await page.getByRole("button", { name: "Today" }).click();
  await headed(page, "Now");
  assert.equal(await card.getByText("Neutralised", { exact: true }).count(), 1);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a cell's card lists its kinds, and closes when the date changes", async () => {
  const { page, complaints } = await open(browser, "#at=9.5/40/46.2&as_of=2023-03-31");
  await page.locator(".map canvas").click({ position: { x: 1086, y: 586 } });
  const card = page.locator(".maplibregl-popup article");
  await card.getByText(/^\d+ items near here/).waitFor();
  const kinds = await card.getByRole("listitem").locator("strong").allInnerTexts();
  assert.ok(kinds.length > 1);
  const items = Number(/\d+/.exec(await card.getByRole("heading").innerText())?.[0]);
  assert.equal(kinds.reduce((sum, n) => sum + Number(n), 0), items);
  await page.getByRole("button", { name: "Next month" }).click();
  await card.waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("the list states what is as of the date and what is not", async () => {
  const { page, complaints } = await open(browser, "#at=9.5/39.9/46.4&list=1&as_of=2023-03-31");
  await page.getByText("not as of the selected date").waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("an uploaded change of the past appears while that date is shown", async () => {
  const { page, complaints } = await open(browser, "#region=AZ-LAC&at=13/39.7/46.3&as_of=2023-03-31");
  const before = await figures(page);
  const tile = page.waitForResponse((response) => /\/tiles\/detections\/13\/.*as_of=2023-03-31/.test(response.url()));
  const put = async (detected_on: string, quantity: number): Promise<void> => {
    const answer = await page.request.post(`${url}/collections/detections/items`, {
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/geo+json" },
      data: JSON.stringify({
        type: "Feature",
        id: randomUUID(),
        geometry: { type: "Point", coordinates: [46.3, 39.7] },
        properties: { kind: "ap_mine", detected_on, status: "detected", quantity },
      }),
    });
    assert.equal(answer.status(), 201, await answer.text());
  };
  await put("2023-04-01", 5);
  await put("2023-03-31", 2);
  await page.waitForFunction((n) => Number(document.querySelector("[data-figure=detected]")?.textContent.replace(/\D/g, "")) === n, before.detected + 2);
  assert.ok((await tile).ok());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

for (const [what, hash, options] of [
  ["a past date", "#as_of=2023-03-31", {}],
  ["a past date in the dark", "#as_of=2023-03-31&theme=dark", {}],
  ["a period", "#from=2023-01-01&to=2023-04-30", {}],
  ["a past date on a phone", "#as_of=2023-03-31", { viewport: { width: 390, height: 844 }, hasTouch: true }],
] as const) {
  test(`axe finds nothing in ${what}`, async () => {
    const { page } = await open(browser, hash, options);
    assert.deepEqual(await violations(page), []);
    await page.context().close();
  });
}
