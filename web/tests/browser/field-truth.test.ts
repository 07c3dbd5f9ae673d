/** How two phones show records that a manager decides on: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Page } from "playwright-core";

import { asker, decide, play, shapeOf, steady } from "../recorded.ts";
import answers from "../unit/recorded/answers.json" with { type: "json" };
import { makeToken, url } from "./browser.ts";
import { look } from "./look.ts";
import { Phone } from "./phone.ts";

const AT = [46.03, 40.11] as const;
let one: Phone;
let two: Phone;
let [first, second] = [null, null] as unknown as [Page, Page];
let manager: ReturnType<typeof asker>;
let team: ReturnType<typeof asker>;

before(async () => {
  manager = asker(await makeToken("manager", "Leyla"));
  [one, two] = [await Phone.make(url), await Phone.make(url)];
  const tokens = [await makeToken("field", "Truth 1"), await makeToken("field", "Truth 2")] as const;
  team = asker(tokens[0]);
  [first, second] = await Promise.all([begin(one, tokens[0]), begin(two, tokens[1])]);
});

after(async () => {
  await Promise.all([one.throwAway(), two.throwAway()]);
});

async function begin(phone: Phone, token: string): Promise<Page> {
  const page = await phone.on("#more");
  await phone.moveTo(AT[0], AT[1], 4);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Signed in as").waitFor();
  return page;
}

async function see(page: Page, screen: string): Promise<void> {
  await page.evaluate((hash) => void (location.hash = hash), `#${screen}`);
  await page.locator("main h1").waitFor();
}

/** The page queries the server again. */
async function hear(page: Page): Promise<void> {
  const asked = page.waitForResponse((response) => response.url().endsWith("/me/records"));
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await asked;
}

/** Records a detection of this many items at the phone's position, and returns its id once the server has it. */
async function take(page: Page, quantity = 1): Promise<string> {
  await see(page, "take");
  await page.getByRole("button", { name: "New detection" }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Anti-personnel mine", exact: true }).click();
  for (let n = 1; n < quantity; n++) await page.getByRole("button", { name: "One more" }).click();
  await save(page);
  await see(page, "queue");
  const row = page.locator("[data-state=sent]").first();
  await page.waitForFunction(() => document.querySelector("[data-state=waiting]") === null && document.querySelector("[data-state=sent]") !== null);
  await row.locator("a").click();
  const link = page.getByRole("link", { name: "Show the record", exact: true });
  return (await link.getAttribute("href"))?.split("/")[1] ?? "";
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Saved on this phone" }).waitFor();
}

/** The other team's record, which this phone has from its district. */
async function fetched(): Promise<string> {
  const id = randomUUID();
  const given = { type: "Feature", id, geometry: { type: "Point", coordinates: AT }, properties: { kind: "booby_trap", model: "MUV-3", detected_on: "2023-09-01", quantity: 1, team: "Truth 1" } };
  await team("POST", "/uploads", given, "application/geo+json");
  return id;
}

async function keepDistrict(page: Page): Promise<void> {
  await see(page, "more");
  const again = page.getByRole("button", { name: "Update: Kalbajar" });
  await page.getByLabel("District").waitFor();
  if (await again.isVisible()) await again.click();
  else {
    await page.getByLabel("District").selectOption({ label: "Kalbajar" });
    await page.getByRole("button", { name: "Download", exact: true }).click();
  }
  await page.locator("[data-area=AZ-KAL]").waitFor();
  await page.waitForFunction(() => document.querySelector("[data-area] button:disabled") === null);
}

async function neutralise(page: Page, id: string): Promise<void> {
  await see(page, `record/${id}`);
  await page.getByRole("link", { name: "Mark as neutralised" }).click();
  await page.getByRole("button", { name: "Burned" }).click();
  await save(page);
}

interface OnServer {
  geometry: { coordinates: [number, number] };
  properties: { status: string; quantity: number; revision: number; part_of?: string };
}

async function onServer(id: string): Promise<OnServer> {
  return (await manager("GET", `/collections/detections/items/${id}`)) as unknown as OnServer;
}

async function review(id: string, decision: string, reason?: string): Promise<void> {
  const { properties } = await onServer(id);
  await manager("POST", "/review", { decision, ...(reason !== undefined && { reason }), records: [{ id, revision: properties.revision }] });
}

/** Waits until list and detail show a record with this status. */
async function shownAs(page: Page, id: string, word: string): Promise<void> {
  await see(page, "records");
  await page.locator(`li[data-record="${id}"] [data-word=${word}]`).waitFor();
  await see(page, `record/${id}`);
  await page.locator(`[data-record="${id}"] [data-standing=${word}]`).waitFor();
}

/** Approved records change the demonstration's figures, which other tests rely on. */
async function remove(...ids: string[]): Promise<void> {
  for (const id of ids) await manager("DELETE", `/collections/detections/items/${id}?reason=test`);
}

function steps(what: string, act: () => Promise<void>): void {
  test(what, { timeout: 60_000 }, async () => {
    await act();
    assert.deepEqual([...one.complaints, ...two.complaints], []);
  });
}

steps("the answers that the unit tests repeat are those of today's server", async () => {
  assert.deepEqual(shapeOf(steady(await play()) as never), shapeOf(answers as never));
});

steps("a mine whose neutralisation waits, is set aside and dismissed is shown as lying in the ground", async () => {
  const id = await fetched();
  await review(id, "approved");
  await keepDistrict(second);
  await two.network(false);
  await neutralise(second, id);
  await shownAs(second, id, "detected");
  await second.locator("[data-claim=waiting]").getByText("You marked it as neutralised: waiting to be sent").waitFor();
  await two.network(true);
  await see(second, "queue");
  await second.locator("[data-state=held]").waitFor();
  await shownAs(second, id, "detected");
  await second.locator("[data-claim=held]").waitFor();
  await see(second, "take");
  await decide(manager, id, { decision: "dismissed", reason: "The crater is still armed" });
  await hear(second);
  await second.locator("[data-n-news='1']").click();
  await second.locator(`[data-news-of="${id}"]`).getByText("The crater is still armed").waitFor();
  await keepDistrict(second);
  await shownAs(second, id, "detected");
  await second.locator("[data-claim=dismissed]").getByText("The crater is still armed").waitFor();
  await second.getByText("On the server as of").waitFor();
  await look(second, "dismissed");
  // The same without network, after the phone was off.
  await two.network(false);
  await second.reload();
  await second.locator("[data-standing=detected]").waitFor();
  await two.network(true);
  await remove(id);
});

steps("what a manager rejects, sends back, moves and deletes reaches the phone with the reason", async () => {
  const ids = [await take(first), await take(first), await take(first), await take(first), await take(first)];
  const [rejected = "", returned = "", moved = "", deleted = "", approved = ""] = ids;
  await review(rejected, "rejected", "Recorded twice");
  await review(returned, "has_issues", "The kind looks wrong");
  await manager("PATCH", `/collections/detections/items/${moved}?reason=Measured+again`, { geometry: { type: "Point", coordinates: [46.034, 40.11] } }, "application/merge-patch+json");
  await manager("DELETE", `/collections/detections/items/${deleted}?reason=A+trial+entry`);
  await review(approved, "approved");
  await hear(first);
  await see(first, "queue");
  await first.locator("section[data-n-news='4']").waitFor();
  const news = (id: string, change: string): ReturnType<Page["locator"]> => first.locator(`[data-news-of="${id}"] [data-news="${change}"]`);
  await news(rejected, "rejected").getByText("Recorded twice").waitFor();
  await news(returned, "returned").getByText("The kind looks wrong").waitFor();
  await news(moved, "moved").getByText("Moved by 340 m").waitFor();
  await news(moved, "moved").getByText("It was at 40.11000° N, 46.03000° E").waitFor();
  await news(deleted, "deleted").getByText("A trial entry").waitFor();
  await look(first, "news");
  await shownAs(first, deleted, "deleted");
  await shownAs(first, rejected, "rejected");
  await shownAs(first, approved, "detected");
  await first.getByText("approved", { exact: false }).first().waitFor();
  // The returned record is corrected; rejected and deleted ones are removed from the phone.
  await see(first, "queue");
  await first.locator("[data-state=returned] a").click();
  await first.getByRole("button", { name: "Correct and send again" }).click();
  await first.getByLabel("Note").fill("Looked at again");
  await save(first);
  for (const id of [rejected, deleted]) {
    await see(first, `record/${id}`);
    await first.locator("a[href^='#entry/']").click();
    await first.getByRole("button", { name: "Discard" }).click();
    await first.getByRole("button", { name: "Yes, discard" }).click();
    await first.getByText("It is not on this phone").waitFor();
  }
  await see(first, "queue");
  await first.waitForFunction(() => document.querySelector("[data-state=waiting], [data-state=returned], [data-state=rejected]") === null);
  await see(first, "queue");
  if (await first.getByRole("button", { name: "Mark all as seen" }).isVisible()) await first.getByRole("button", { name: "Mark all as seen" }).click();
  await first.waitForFunction(() => document.querySelector("[data-n-news]") === null);
  await remove(rejected, returned, moved, approved);
});

steps("a wrong mark is taken back with a reason, and what is no ordnance is discounted", async () => {
  const [wrong, tin] = [await take(first), await take(first)];
  await neutralise(first, wrong);
  await see(first, "queue");
  await first.waitForFunction(() => document.querySelector("[data-state=waiting]") === null);
  await shownAs(first, wrong, "neutralised");
  await first.getByRole("link", { name: "Mark as not neutralised" }).click();
  assert.equal(await first.getByRole("button", { name: "Save", exact: true }).isDisabled(), true);
  await first.getByLabel("Why?").fill("It was another one");
  await look(first, "take back");
  await save(first);
  await see(first, `record/${tin}`);
  await first.getByRole("link", { name: "Mark as discounted" }).click();
  await first.getByLabel("Why?").fill("A tin of fish");
  await save(first);
  await see(first, "queue");
  await first.waitForFunction(() => document.querySelector("[data-state=waiting]") === null);
  await shownAs(first, wrong, "detected");
  await shownAs(first, tin, "discounted");
  assert.deepEqual([(await onServer(wrong)).properties.status, (await onServer(tin)).properties.status], ["detected", "discounted"]);
  await remove(wrong, tin);
});

steps("three of five are neutralised: no item is counted twice or lost, also when a manager has to agree", async () => {
  const id = await take(first, 5);
  const parts = async (): Promise<OnServer[]> => {
    const { features } = (await manager("GET", "/collections/detections/items?bbox=46.02,40.10,46.04,40.12&limit=1000")) as unknown as { features: OnServer[] };
    return features.filter(({ properties }) => properties.part_of === id);
  };
  await part(first, id);
  await look(first, "kept");
  await see(first, "queue");
  await first.waitForFunction(() => document.querySelector("[data-state=waiting]") === null);
  assert.equal((await onServer(id)).properties.quantity, 2);
  assert.deepEqual((await parts()).map(({ properties }) => [properties.quantity, properties.status]), [[3, "neutralised"]]);
  await see(first, `record/${id}`);
  await first.getByRole("heading", { name: "Neutralised parts" }).waitFor();

  // Once approved, it is a manager's: until one agrees, two remain two, and the part waits.
  await manager("PATCH", `/collections/detections/items/${id}?reason=test`, { properties: { quantity: 5 } }, "application/merge-patch+json");
  await review(id, "approved");
  await hear(first);
  await part(first, id);
  await see(first, "queue");
  await first.locator("[data-state=held]").waitFor();
  await first.locator("[data-state=waiting]").waitFor();
  assert.deepEqual([(await onServer(id)).properties.quantity, (await parts()).length], [5, 1]);
  await decide(manager, id, { decision: "accepted" });
  await hear(first);
  await hear(first);
  await first.waitForFunction(() => document.querySelector("[data-state=waiting], [data-state=held]") === null);
  assert.deepEqual([(await onServer(id)).properties.quantity, (await parts()).length], [2, 2]);
  const ids = (await parts()) as unknown as { id: string }[];
  await remove(id, ...ids.map((each) => each.id));
});

async function part(page: Page, id: string): Promise<void> {
  await see(page, `record/${id}`);
  await page.getByRole("link", { name: "Mark as neutralised" }).click();
  await page.getByRole("button", { name: "Burned" }).click();
  assert.equal(await page.getByRole("button", { name: "Save", exact: true }).isDisabled(), true);
  await page.getByRole("button", { name: "Only some" }).click();
  for (let n = 1; n < 3; n++) await page.getByRole("button", { name: "One more" }).click();
  await page.getByText("2 stay detected").waitFor();
  await look(page, "part");
  await save(page);
}

steps("what waits for a manager is withdrawn or corrected by its team, and far away it is asked whether it is the one", async () => {
  const id = await fetched();
  await review(id, "approved");
  await keepDistrict(second);
  await two.moveTo(46.1, 40.11, 5);
  await see(second, "records");
  await second.getByLabel("Search").fill("muv truth");
  await second.locator(`li[data-record="${id}"]`).getByText("6 km away").waitFor();
  await look(second, "search");
  await see(second, `record/${id}`);
  await second.getByRole("link", { name: "Mark as neutralised" }).click();
  await second.getByRole("alert").getByText("You are 6 km away from this record").waitFor();
  await second.getByRole("button", { name: "Burned" }).click();
  assert.equal(await second.getByRole("button", { name: "Save", exact: true }).isDisabled(), true);
  await look(second, "far");
  await second.getByLabel("Yes, it is the right one").check();
  await save(second);
  await see(second, "queue");
  await second.locator("[data-state=held]").first().locator("a").click();
  await look(second, "held");
  await second.getByRole("button", { name: "Withdraw it" }).click();
  await second.getByRole("button", { name: "Yes, withdraw" }).click();
  await second.locator("[data-state=rejected] [data-claim=withdrawn]").waitFor();
  const { records } = (await manager("GET", "/held?limit=200")) as unknown as { records: { feature: { id: string } }[] };
  assert.equal(records.some(({ feature }) => feature.id === id), false);
  await shownAs(second, id, "detected");
  await remove(id);
});
