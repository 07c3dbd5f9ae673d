/** The field page on a phone, with and without network: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Page } from "playwright-core";

import { picture } from "../picture.ts";
import { makeToken, url } from "./browser.ts";
import { gateway, type Gateway } from "./gateway.ts";
import { look } from "./look.ts";
import { Phone } from "./phone.ts";

let way: Gateway;
let phone: Phone;

before(async () => {
  way = await gateway(url);
});

after(async () => {
  await way.close();
});

/** With a phone of its own, which is thrown away. */
function onPhone(what: string, steps: () => Promise<void>): void {
  test(what, { timeout: 120_000 }, async () => {
    phone = await Phone.make(way.url);
    way.uploads.length = 0;
    way.mend();
    try {
      await steps();
      assert.deepEqual(phone.complaints, []);
    } finally {
      await phone.throwAway();
    }
  });
}

/** Waits until the page can be used without network, and signs in. */
async function begin(page: Page, token: string): Promise<void> {
  await page.waitForSelector("[data-ready=true]");
  await go(page, "More");
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Signed in as").waitFor();
  await go(page, "New");
}

async function go(page: Page, tab: "New" | "Queue" | "Records" | "More"): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: tab }).click();
}

/** Takes a detection with the phone's position, from the first screen to the word that it is kept. */
async function take(page: Page, kind: string, photo: Buffer | null, depth = ""): Promise<void> {
  await page.getByRole("button", { name: /^(New|Next) detection$/ }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: kind, exact: true }).click();
  if (photo !== null) {
    await page.locator("input[type=file]").setInputFiles({ name: "photo.png", mimeType: "image/png", buffer: photo });
    await page.locator("img[data-photo]").waitFor();
  }
  if (depth !== "") {
    await page.getByText("More details").click();
    await page.getByLabel("Depth, cm").fill(depth);
  }
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Kept on this phone" }).waitFor();
}

/** Keeps the map and the records of Kalbajar on the phone. */
async function keepDistrict(page: Page): Promise<void> {
  await go(page, "More");
  await page.getByLabel("District").selectOption({ label: "Kalbajar" });
  await page.getByRole("button", { name: "Fetch", exact: true }).click();
  await page.locator("[data-area=AZ-KAL]").waitFor();
}

/** Marks a record that is on the phone as dealt with. */
async function neutralise(page: Page, id: string, how: string): Promise<void> {
  await page.goto(`${way.url}/field#record/${id}`);
  await page.getByRole("link", { name: "Mark as neutralised" }).click();
  // The phone lies far from the record: that is asked.
  await page.getByLabel("Yes, it is this one").check();
  await page.getByRole("button", { name: how }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Kept on this phone" }).waitFor();
}

async function network(there: boolean): Promise<void> {
  if (there) way.mend();
  else way.cut();
  await phone.network(there);
}

interface OnServer {
  id: string;
  properties: { kind: string; status: string; disposal?: string; photos?: string[]; revision: number };
}

/** What the server has of these. */
function onServer(ids: Iterable<string>, token: string): Promise<OnServer[]> {
  return Promise.all(
    [...ids].map(async (id) => {
      const answer = await fetch(`${url}/collections/detections/items/${id}`, { headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200, await answer.clone().text());
      return (await answer.json()) as OnServer;
    }),
  );
}

onPhone("what is in the form outlives the page, and no other takes its place unasked", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 4"));
  const home = async (): Promise<void> => {
    await page.goto(`${way.url}/field#take`);
    await page.getByRole("button", { name: "New detection" }).waitFor();
  };
  const goOn = page.getByRole("button", { name: "Go on with the one begun" });
  await page.getByRole("button", { name: "New detection" }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Anti-personnel mine", exact: true }).click();
  await page.getByText("More details").click();
  await page.getByLabel("Model, such as PMN-2").fill("OZM-72");
  await page.getByLabel("Note").fill("Under the third pole");
  await page.getByLabel("Depth, cm").fill("10-15");
  // What cannot stand is shown, also where it was folded away.
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
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Kept on this phone" }).waitFor();

  // Another is begun, and the first is corrected meanwhile.
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
  await page.getByRole("button", { name: "Go on with the one begun" }).click();
  await goOn.click();
  await page.getByRole("link", { name: "Fuze" }).waitFor();
});

onPhone("five detections with photos, taken without network, survive a dead battery and arrive once each", async () => {
  const token = await makeToken("field", "Team 4");
  const page = await phone.on();
  await begin(page, token);
  await network(false);
  await page.getByText("No network").waitFor();
  // One of them larger than a part.
  for (const side of [64, 64, 700, 64, 64]) await take(page, "Anti-personnel mine", picture(side));
  await phone.die();

  await phone.network(false).catch(() => undefined);
  const again = await phone.on("#queue");
  await again.getByText("5 waiting", { exact: true }).waitFor();
  assert.deepEqual(way.uploads, []);
  // After days the session has ended too.
  await again.context().clearCookies();
  way.loseAnswers(2);
  await network(true);
  await begin(again, token);
  await go(again, "Queue");
  await again.getByRole("heading", { name: "Sent (5)" }).waitFor({ timeout: 60_000 });
  await again.locator("[data-photos='0']").first().waitFor({ timeout: 60_000 });
  assert.equal(await again.locator("[data-state]:not([data-state=sent])").count(), 0);

  const ids = new Set(way.uploads.map(({ id }) => id));
  const keys = new Set(way.uploads.map(({ key }) => key));
  assert.equal(ids.size, 5);
  assert.equal(keys.size, 5);
  assert.ok(way.uploads.length > 5, "those whose answer was lost were sent again");
  const there = await onServer(ids, token);
  assert.equal(there.length, 5);
  const photos = there.flatMap(({ properties }) => properties.photos ?? []);
  assert.equal(new Set(photos).size, 5);
  for (const hash of photos) {
    const response = await again.request.get(`${way.url}/photos/${hash}`);
    assert.equal(response.status(), 200);
  }
});

onPhone("one that is refused tells why, holds up nothing, and is mended", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 5"));
  await network(false);
  // Deeper than anything is buried: a slip of the thumb.
  await take(page, "Submunition", null, "20000");
  await take(page, "Fuze", null);
  await network(true);
  await go(page, "Queue");
  await page.waitForSelector("[data-state=sent]");
  const refused = page.locator("[data-state=refused]");
  await refused.getByText("Submunition").waitFor();
  await refused.getByRole("link").click();
  await page.getByRole("heading", { name: "Why" }).waitFor();
  await page.getByText("is outside 0..10000").waitFor();
  await page.getByRole("button", { name: "Mend and send again" }).click();
  await page.getByLabel("Depth, cm").fill("20");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Kept on this phone" }).waitFor();
  await go(page, "Queue");
  await page.waitForFunction(() => document.querySelectorAll("[data-state=sent]").length === 2);
  assert.equal(new Set(way.uploads.map(({ id }) => id)).size, 2);
});

onPhone("of two who deal with the same record without network, the first changes it and the second is seen to conflict", async () => {
  const [one, two] = [await makeToken("field", "Team 1"), await makeToken("field", "Team 2")];
  const id = randomUUID();
  const made = await fetch(`${url}/uploads`, {
    method: "POST",
    headers: { Authorization: `Bearer ${one}`, "Content-Type": "application/geo+json" },
    body: JSON.stringify({
      type: "Feature", id, geometry: { type: "Point", coordinates: [46.03, 40.11] }, properties: { kind: "booby_trap", detected_on: "2023-09-01" },
    }),
  });
  assert.equal(made.status, 200, await made.text());
  const page = await phone.on();
  await begin(page, one);
  await keepDistrict(page);
  await network(false);
  await neutralise(page, id, "Burned");
  // Meanwhile a colleague, on another phone.
  const seen = (await onServer([id], two))[0]?.properties.revision;
  const other = await fetch(`${url}/uploads?update=true`, {
    method: "POST",
    headers: { Authorization: `Bearer ${two}`, "Content-Type": "application/geo+json", "Idempotency-Key": randomUUID() },
    body: JSON.stringify({
      type: "Feature", id, geometry: { type: "Point", coordinates: [46.03, 40.11] },
      properties: { kind: "booby_trap", detected_on: "2023-09-01", status: "neutralised", neutralised_on: "2023-09-02", disposal: "disarmed", base_revision: seen },
    }),
  });
  assert.equal(((await other.json()) as { updated: number }).updated, 1);
  await network(true);
  await go(page, "Queue");
  await page.locator("[data-state=held]").getByText("Marked as neutralised").waitFor();
  assert.equal((await onServer([id], two))[0]?.properties.disposal, "disarmed");
});

onPhone("of what was set aside a phone hears whether a manager accepted or dismissed it, and why", async () => {
  const manager = await makeToken("manager", "Leyla");
  const page = await phone.on();
  // Kalbajar is not its district.
  await begin(page, await makeToken("field", "Team 3", ["AZ-LAC"]));
  await phone.moveTo(46.03, 40.11, 4);
  for (const kind of ["Fuze", "Other"]) await take(page, kind, null);
  await go(page, "Queue");
  await page.getByRole("heading", { name: "With a manager (2)" }).waitFor();
  await page.locator("[data-state=held]").getByText("lies outside your districts").first().waitFor();
  const headers = { Authorization: `Bearer ${manager}`, "Content-Type": "application/json" };
  const decide = async (id: string, decision: object): Promise<void> => {
    const { records } = (await (await fetch(`${url}/held?limit=200`, { headers })).json()) as { records: { number: number; feature: { id: string } }[] };
    const number = records.find(({ feature }) => feature.id === id)?.number ?? 0;
    const decided = await fetch(`${url}/held/${number}`, { method: "POST", headers, body: JSON.stringify(decision) });
    assert.equal(decided.status, 200, await decided.text());
  };
  const idOf = (kind: string): string => way.uploads.find(({ properties }) => properties.kind === kind)?.id ?? "";
  await decide(idOf("fuze"), { decision: "accepted" });
  await decide(idOf("other"), { decision: "dismissed", reason: "Known under another number" });
  await page.reload();
  await page.locator("[data-state=rejected]").getByText("Known under another number").waitFor();
  await page.locator("[data-state=sent]").getByText("Fuze").click();
  await page.locator("[data-decided=accepted]").waitFor();
  await look(page, "accepted");
  await go(page, "Queue");
  await page.locator("[data-state=rejected] a").click();
  await look(page, "dismissed");
  await page.getByRole("button", { name: "Throw away" }).click();
  await page.getByRole("button", { name: "Yes, throw away" }).click();
  await page.waitForFunction(() => document.querySelector("[data-state=rejected]") === null);
  // What is approved changes the figures of the demonstration, which other tests know.
  const taken = await fetch(`${url}/collections/detections/items/${idOf("fuze")}?reason=test`, { method: "DELETE", headers });
  assert.equal(taken.status, 204, await taken.text());
});

onPhone("why something is refused is told in the language of the page", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 2"));
  await take(page, "Submunition", null, "20000");
  await go(page, "Queue");
  await page.locator("[data-state=refused] a").click();
  await page.getByText("is outside 0..10000").waitFor();
  await page.evaluate(() => void (location.hash = "#more"));
  for (const [lang, told] of [["az", "Hədd: 0..10000."], ["ru", "Допустимо: 0..10000."]] as const) {
    await page.locator(`button[lang=${lang}]`).click();
    await page.evaluate(() => void (location.hash = "#queue"));
    await page.locator("[data-state=refused]").getByText(told).waitFor();
    await page.evaluate(() => void (location.hash = "#more"));
  }
});

onPhone("what a manager sends back is shown with the reason", async () => {
  const [field, manager] = [await makeToken("field", "Team 6"), await makeToken("manager", "Leyla")];
  const page = await phone.on();
  await begin(page, field);
  await take(page, "Booby trap", null);
  await go(page, "Queue");
  await page.waitForSelector("[data-state=sent]");
  const [record] = await onServer(way.uploads.map(({ id }) => id), field);
  assert.ok(record !== undefined);
  const decided = await fetch(`${url}/review`, {
    method: "POST",
    headers: { Authorization: `Bearer ${manager}`, "Content-Type": "application/json" },
    body: JSON.stringify({ decision: "has_issues", reason: "The kind looks wrong", records: [{ id: record.id, revision: record.properties.revision }] }),
  });
  assert.equal(decided.status, 200, await decided.text());
  await page.reload();
  await page.locator("[data-state=returned]").getByText("The kind looks wrong").waitFor();
});

onPhone("a full phone says so, keeps the form, and loses nothing that was kept", async () => {
  const page = await phone.on();
  await page.waitForSelector("[data-ready=true]");
  await network(false);
  await take(page, "Anti-personnel mine", null);
  await page.getByRole("button", { name: "Next detection" }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Fuze", exact: true }).click();
  // As text, for what is compiled here names its functions by means that the page does not have.
  await page.evaluate(`full = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); }`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("this was NOT kept").waitFor();
  await page.evaluate(`IDBObjectStore.prototype.put = full`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Kept on this phone" }).waitFor();
  await go(page, "Queue");
  await page.locator("[data-state=waiting]").nth(1).waitFor();
  assert.equal(await page.locator("[data-state=waiting]").count(), 2);
});

onPhone("a new version of the page is offered, and the queue is still there after it", async () => {
  const page = await phone.on();
  await page.waitForSelector("[data-ready=true]");
  await take(page, "Anti-personnel mine", null);
  way.update();
  await page.reload();
  const reloaded = page.waitForEvent("load");
  await page.getByRole("button", { name: "Use it now" }).click();
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
  // What it was made from is known, so that the server can tell whether somebody else was there first.
  await network(true);
  await page.waitForFunction(() => document.querySelector("[data-state=waiting]") === null);
  assert.equal(typeof way.uploads[0]?.properties.base_revision, "number");
  assert.equal(way.uploads[0]?.properties.status, "neutralised");
});

onPhone("axe finds nothing on any screen at 360 x 640, contrast is 7:1, and what is pressed is 56 px", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 8"));
  await take(page, "Other", picture(64));
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
  await page.getByRole("button", { name: "Type it" }).click();
  for (const notation of ["degrees", "mgrs", "utm", "pulkovo", "bearing"]) {
    await page.getByLabel("Notation").selectOption(notation);
    await look(page, notation);
  }
});
