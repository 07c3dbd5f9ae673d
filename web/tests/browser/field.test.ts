/** The field page on a phone, with and without network: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";

import { picture } from "../picture.ts";
import { makeToken } from "./browser.ts";
import { look } from "./look.ts";
import { keepDistrict, network, neutralise, onPhone, phone, way } from "./on-phone.ts";
import { begin, go, save, take } from "./steps.ts";

onPhone("what is in the form outlives the page, and no other takes its place unasked", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 4"));
  const home = async (): Promise<void> => {
    await page.goto(`${way.url}/field#take`);
    await page.getByRole("button", { name: "New detection" }).waitFor();
  };
  const goOn = page.getByRole("button", { name: "Continue the unfinished one" });
  await page.getByRole("button", { name: "New detection" }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Anti-personnel mine", exact: true }).click();
  await page.getByText("More details").click();
  await page.getByLabel("Model, such as PMN-2").fill("OZM-72");
  await page.getByLabel("Note").fill("Under the third pole");
  await page.getByLabel("Depth, cm").fill("10-15");
  // An invalid value is shown, even inside a collapsed part.
  await page.getByText("More details").click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.locator("details[open]").waitFor();
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByLabel("Note").waitFor();
  assert.equal(await page.getByLabel("Model, such as PMN-2").inputValue(), "OZM-72");
  assert.equal(await page.getByLabel("Note").inputValue(), "Under the third pole");
  await page.getByLabel("Depth, cm").fill("12");
  await home();
  await page.getByRole("button", { name: "New detection" }).click();
  await page.getByRole("alert").getByText("is not saved yet").waitFor();
  await look(page, "begun");
  await page.getByRole("button", { name: "Cancel" }).click();
  await goOn.click();
  await save(page);

  // Another is started, and the first is corrected meanwhile.
  await page.getByRole("button", { name: "Next detection" }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Fuze", exact: true }).click();
  await page.goto(`${way.url}/field#queue`);
  await page.getByRole("link", { name: /Anti-personnel mine/ }).click();
  await page.getByRole("link", { name: "Mark as neutralised" }).waitFor();
  const id = (await page.getByRole("link", { name: "Mark as neutralised" }).getAttribute("href"))?.split("/")[1] ?? "";
  await page.goto(`${way.url}/field#record/${id}`);
  await page.getByRole("button", { name: "Correct", exact: true }).click();
  await page.getByLabel("Note").fill("Under the fourth pole");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Continue the unfinished one" }).click();
  await goOn.click();
  await page.getByRole("link", { name: "Fuze" }).waitFor();
});

onPhone("a full phone says so, keeps the form, and loses nothing that was kept", async () => {
  const page = await phone.on();
  await page.waitForSelector("[data-ready=true]");
  await network(false);
  await take(page, "Anti-personnel mine");
  await page.getByRole("button", { name: "Next detection" }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Fuze", exact: true }).click();
  // As text, because compiled functions use helpers that the page does not have.
  await page.evaluate(`full = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("this was NOT saved").waitFor();
  await page.evaluate(`IDBObjectStore.prototype.put = full`);
  await save(page);
  await go(page, "Queue");
  await page.locator("[data-state=waiting]").nth(1).waitFor();
  assert.equal(await page.locator("[data-state=waiting]").count(), 2);
});

onPhone("a new version of the page is offered, and the queue is still there after it", async () => {
  const page = await phone.on();
  await page.waitForSelector("[data-ready=true]");
  await take(page, "Anti-personnel mine");
  way.update();
  await page.reload();
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Update now" }).click();
  await reloaded;
  await go(page, "Queue");
  await page.locator("[data-state=waiting]").waitFor();
  assert.equal(await page.locator("[data-state=waiting]").count(), 1);
});

onPhone("a district is kept: its records are listed, drawn and neutralised without network", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 7"));
  await keepDistrict(page);
  await network(false);
  await go(page, "Records");
  const rows = page.locator("[data-record]");
  await rows.first().waitFor();
  assert.ok((await rows.count()) > 1);
  await page.getByRole("link", { name: "Map", exact: true }).click();
  await page.waitForSelector(".map[data-drawn=true]", { timeout: 60_000 });
  await page.getByRole("link", { name: "List", exact: true }).click();
  const id = (await rows.first().getAttribute("data-record")) ?? "";
  await neutralise(page, id, "Destroyed in place");
  await go(page, "Queue");
  await page.locator("[data-state=waiting]").getByText("Marked as neutralised").waitFor();
  // The base revision is known, so the server can detect conflicts.
  await network(true);
  await page.waitForFunction(() => document.querySelector("[data-state=waiting]") === null);
  assert.equal(typeof way.uploads[0]?.properties.base_revision, "number");
  assert.equal(way.uploads[0]?.properties.status, "neutralised");
});

onPhone("axe finds nothing on any screen at 360 x 640, contrast is 7:1, and what is pressed is 56 px", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 8"));
  await take(page, "Other", [picture(64)]);
  const { hash } = new URL(page.url());
  const entry = await page.evaluate(() => document.querySelector("[data-kept]") !== null);
  assert.ok(entry, `the screen after saving is ${hash}`);
  await look(page, "kept");
  await go(page, "Queue");
  await page.waitForSelector("main [data-state=sent]");
  await look(page, "queue");
  await page.locator("[data-state=sent] a").click();
  await look(page, "entry");
  await page.getByRole("link", { name: "Mark as neutralised" }).click();
  await look(page, "neutralise");
  for (const screen of ["take", "where", "what", "keep", "records", "map", "more"]) {
    await page.goto(`${way.url}/field#${screen}`);
    await page.waitForSelector("main h1");
    if (screen === "map") await page.waitForSelector(".map[data-drawn=true]", { timeout: 60_000 });
    await look(page, screen);
  }
  await page.goto(`${way.url}/field#where`);
  await page.getByRole("button", { name: "Type coordinates" }).click();
  for (const notation of ["degrees", "mgrs", "utm", "pulkovo", "bearing"]) {
    await page.getByLabel("Coordinate format").selectOption(notation);
    await look(page, notation);
  }
});
