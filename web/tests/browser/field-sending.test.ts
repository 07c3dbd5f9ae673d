/** What a phone sends once there is network: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { picture } from "../picture.ts";
import { makeToken, url } from "./browser.ts";
import { keepDistrict, network, neutralise, onPhone, onServer, phone, way } from "./on-phone.ts";
import { begin, go, save, take } from "./steps.ts";

onPhone("five detections with photos, taken without network, survive a dead battery and arrive once each", async () => {
  const token = await makeToken("field", "Team 4");
  const page = await phone.on();
  await begin(page, token);
  await network(false);
  await page.getByText("No network").waitFor();
  // One of them larger than a part.
  for (const side of [64, 64, 700, 64, 64]) await take(page, "Anti-personnel mine", [picture(side)]);
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
  // Deeper than anything is buried: a typing error.
  await take(page, "Submunition", [], "20000");
  await take(page, "Fuze");
  await network(true);
  await go(page, "Queue");
  await page.waitForSelector("[data-state=sent]");
  const refused = page.locator("[data-state=refused]");
  await refused.getByText("Submunition").waitFor();
  await refused.getByRole("link").click();
  await page.getByRole("heading", { name: "Why" }).waitFor();
  await page.getByText("is outside 0..10000").waitFor();
  await page.getByRole("button", { name: "Correct and send again" }).click();
  await page.getByLabel("Depth, cm").fill("20");
  await save(page);
  await go(page, "Queue");
  await page.waitForFunction(() => document.querySelectorAll("[data-state=sent]").length === 2);
  assert.equal(new Set(way.uploads.map(({ id }) => id)).size, 2);
});

onPhone("the page shows in its language why something is refused", async () => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 2"));
  await take(page, "Submunition", [], "20000");
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
