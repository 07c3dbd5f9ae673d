/** The review of accidents: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { launch, makeToken, open, signedIn, token, url, violations } from "./browser.ts";

const VICTIMS = [
  { outcome: "killed", sex: "male", age_group: "adult", status: "civilian", activity: "herding" },
  { outcome: "injured", sex: "female", age_group: "child", status: "civilian" },
];
/** Deleted at the end: other tests rely on the demonstration's figures. */
const sent: string[] = [];

let browser: Browser;
let manager: string;
let team: string;

before(async () => {
  browser = await launch();
  manager = await makeToken("manager", "Manager of accidents");
  team = await makeToken("field", "Team of accidents");
});

after(async () => {
  await browser.close();
  for (const id of sent) await fetch(`${url}/collections/accidents/items/${id}?reason=test`, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } });
});

function headers(by: string): Record<string, string> {
  return { Authorization: `Bearer ${by}`, "Content-Type": "application/geo+json" };
}

function accident(id: string, properties: object, coordinates = [46.33, 39.71]): string {
  return JSON.stringify({ type: "Feature", id, geometry: { type: "Point", coordinates }, properties: { class: "mine", occurred_on: "2023-08-02", device: "ap_mine", ...properties } });
}

/** Sends a new accident. */
async function send(by: string, properties: object, coordinates?: number[]): Promise<string> {
  const id = randomUUID();
  const answer = await fetch(`${url}/collections/accidents/items`, { method: "POST", headers: headers(by), body: accident(id, properties, coordinates) });
  assert.equal(answer.status, 201, await answer.text());
  sent.push(id);
  return id;
}

async function read(id: string): Promise<{ revision: number; review: string; victims: object[] }> {
  const answer = await fetch(`${url}/collections/accidents/items/${id}`, { headers: headers(manager) });
  return ((await answer.json()) as { properties: { revision: number; review: string; victims: object[] } }).properties;
}

/** Waits until the queue is idle. */
async function still(page: Page): Promise<void> {
  await page.waitForSelector(".review[data-reading=ready][data-sending='0']");
}

test("a team's accident is approved on the page, and the approval undone", async () => {
  const id = await send(team, { victims: VICTIMS });
  const { page, complaints } = await open(browser, "#review", await signedIn(manager));
  await still(page);
  await page.getByRole("button", { name: "Accidents (1)" }).click();
  await still(page);
  assert.match(page.url(), /#review=accidents/);
  await page.getByRole("heading", { name: "Mine", exact: true }).waitFor();
  await page.locator(".list").getByText("2 Aug 2023 · 1 person killed, 1 person injured").waitFor();
  await page.getByRole("row", { name: "Device Anti-personnel mine" }).waitFor();
  const victims = page.getByRole("region", { name: "Victims" });
  assert.deepEqual(await victims.locator("li").first().locator("dd").allInnerTexts(), ["Killed", "Male", "Adult", "Civilian", "Herding"]);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("a");
  await page.getByText("1 approved.").waitFor();
  await still(page);
  assert.equal((await read(id)).review, "approved");
  await page.getByRole("button", { name: "Accidents", exact: true }).waitFor();
  await page.keyboard.press("u");
  await page.getByText("1 restored.").waitFor();
  await still(page);
  assert.equal((await read(id)).review, "submitted");
  await page.getByRole("button", { name: "Accidents (1)" }).waitFor();
  // Back shows the detections again.
  await page.goBack();
  await page.getByText("Nothing here.").waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a second report of an accident is flagged, sent back with a reason of its own, and listed as such", async () => {
  const id = await send(team, { occurred_on: "2023-08-03" });
  await send(team, { occurred_on: "2023-08-03", class: "uxo_axo" }, [46.3305, 39.7105]);
  const { page, complaints } = await open(browser, "#review=accidents", await signedIn(manager));
  await still(page);
  await page.getByText("2 to select one by one").waitFor();
  await page.locator(".list button", { hasText: "3 Aug 2023" }).first().click();
  await page.getByText(/m away, same day · Submitted · Unexploded or abandoned ordnance · 3 Aug 2023/).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("dialog").getByText("The casualties look wrong").click();
  await page.getByRole("dialog").getByRole("button", { name: "Send back" }).click();
  await still(page);
  assert.equal((await read(id)).review, "has_issues");
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a quarantined accident shows which victims it changes, and is accepted after a look at both versions", async () => {
  const id = await send(manager, { victims: VICTIMS, occurred_on: "2023-08-04" });
  const { revision } = await read(id);
  const changed = [{ ...VICTIMS[0], outcome: "injured" }, VICTIMS[1]];
  const body = accident(id, { victims: changed, occurred_on: "2023-08-04", base_revision: revision, reason: "He survived" });
  const answer = await fetch(`${url}/uploads?collection=accidents`, { method: "POST", headers: headers(team), body });
  assert.equal(((await answer.json()) as { held: number }).held, 1);
  const { page, complaints } = await open(browser, "#review=accidents", await signedIn(manager));
  await still(page);
  await page.getByRole("combobox", { name: "State" }).selectOption("held");
  await still(page);
  const victims = page.getByRole("region", { name: "Victims" });
  assert.deepEqual(await victims.locator("del").allInnerTexts(), ["Killed"]);
  assert.deepEqual(await victims.locator("ins").allInnerTexts(), ["Injured"]);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog", { name: "Replace the approved record?" });
  await dialog.getByRole("region", { name: "Victims" }).waitFor();
  await dialog.getByRole("button", { name: "Replace the approved record" }).click();
  await still(page);
  await page.getByText("1 decided. Nothing left here.").waitFor();
  assert.deepEqual((await read(id)).victims, changed);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
