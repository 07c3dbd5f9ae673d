/** Sign-in, the review queue, tokens, and the public view: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";

import type { Browser, Page } from "playwright-core";

import { launch, makeToken, open, signedIn, token, url, violations } from "./browser.ts";

let browser: Browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser.close();
});

/** Submits records as a field team, this far apart in degrees: closer than 25 m they may be duplicates. */
async function submit(n: number, by: string, apart = 0.0006, [lon, lat]: [number, number] = [46.3, 39.7]): Promise<string[]> {
  const features = Array.from({ length: n }, (_, i) => ({
    type: "Feature",
    id: randomUUID(),
    geometry: { type: "Point", coordinates: [lon + (i % 20) * apart, lat + Math.floor(i / 20) * apart] },
    properties: { kind: "ap_mine", detected_on: "2023-09-01", status: "detected", quantity: 1 },
  }));
  const answer = await fetch(`${url}/collections/detections/items`, {
    method: "POST",
    headers: { Authorization: `Bearer ${by}`, "Content-Type": "application/geo+json" },
    body: JSON.stringify({ type: "FeatureCollection", features }),
  });
  assert.ok(answer.ok, await answer.text());
  return features.map(({ id }) => id);
}

/** Deletes records: other tests rely on the demonstration's figures. */
async function remove(ids: string[], by: string): Promise<void> {
  for (const id of ids) {
    const answer = await fetch(`${url}/collections/detections/items/${id}?reason=test`, { method: "DELETE", headers: { Authorization: `Bearer ${by}` } });
    assert.equal(answer.status, 204);
  }
}

async function waiting(by: string): Promise<Record<string, number>> {
  const answer = await fetch(`${url}/review?limit=1`, { headers: { Authorization: `Bearer ${by}` } });
  return ((await answer.json()) as { waiting: Record<string, number> }).waiting;
}

/** Waits until the queue is idle: loaded, with no decision in progress. */
async function still(page: Page): Promise<void> {
  await page.waitForSelector(".review[data-reading=ready][data-sending='0']");
}

test("the public sees what is shown to it, and close up gets areas, not records", async () => {
  const asked: string[] = [];
  const { page, complaints } = await open(browser, "#at=13/39.7/46.3");
  page.on("request", (request) => asked.push(request.url()));
  await page.getByText("shown to about 1 km").first().waitFor();
  const answer = await page.request.get(`${url}/collections/detections/items?limit=10000`);
  const { features } = (await answer.json()) as { features: { properties: { status: string; note?: string; team?: string } }[] };
  assert.ok(features.length > 0);
  assert.deepEqual(features.filter(({ properties }) => properties.status === "detected" || "team" in properties || "note" in properties), []);
  assert.equal(asked.filter((each) => each.includes("/history") || each.includes("/review")).length, 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a wrong token gives a clear error; a valid one signs in, and signing out ends the session", async () => {
  const good = await makeToken("viewer", "Reader");
  const { page } = await open(browser);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Token").fill("clearline_nonsense");
  await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("unknown, expired or revoked").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByLabel("Token").fill(good);
  await page.keyboard.press("Enter");
  await page.getByText("You see all records.").waitFor();
  assert.equal(await page.evaluate(() => localStorage.length + document.cookie.length), 0);
  await page.getByRole("button", { name: "Reader" }).click();
  await page.getByRole("dialog").getByText("Viewer", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await page.context().close();
});

test("with an identity provider, the sign-in dialog links to it", async () => {
  const { page } = await open(browser);
  const link = page.getByRole("dialog").getByRole("link", { name: "your organisation’s account" });
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(await link.count(), 0);
  // Imitate a server with an identity provider.
  await page.route("**/me", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), openid: "/session/openid" } });
  });
  await page.reload();
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(await link.getAttribute("href"), "/session/openid");
  assert.deepEqual(await violations(page), []);
  await page.context().close();
});

test("a queue of 200 is emptied with the keyboard, and the server counts the same", async () => {
  const manager = await makeToken("manager", "Leyla");
  const field = await makeToken("field", "Team 4");
  const start = await waiting(manager);
  assert.equal(start.submitted, 0);
  await submit(200, field);
  assert.equal((await waiting(manager)).submitted, 200);
  const { page, complaints } = await open(browser, "#review", await signedIn(manager));
  await still(page);
  assert.deepEqual(await violations(page), []);
  // One sent back and one rejected with a reason, three in a row approved, the rest page by page.
  await page.keyboard.press("s");
  await page.getByRole("dialog").getByLabel("Reason").press("1");
  await page.keyboard.press("Enter");
  await still(page);
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByLabel("Reason").fill("Seen twice by two teams");
  await page.keyboard.press("Enter");
  await still(page);
  for (let i = 0; i < 3; i++) await page.keyboard.press("a");
  await still(page);
  assert.deepEqual(await waiting(manager), { submitted: 195, held: 0, refused: 0, has_issues: (start.has_issues ?? 0) + 1, rejected: (start.rejected ?? 0) + 1 });
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("X");
  await page.getByText("3 selected").first().waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByText("Approve 3 records?").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  for (let pages = 0; pages < 6 && (await page.locator(".review .list li").count()) > 0; pages++) {
    await page.keyboard.press("*");
    await page.keyboard.press("a");
    await page.getByRole("dialog").getByText(/^Approve \d+ records\?$/).waitFor();
    await page.keyboard.press("Enter");
    await still(page);
  }
  await page.getByText("200 decided. Nothing left here.").waitFor();
  assert.deepEqual(await waiting(manager), { submitted: 0, held: 0, refused: 0, has_issues: (start.has_issues ?? 0) + 1, rejected: (start.rejected ?? 0) + 1 });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("possible duplicates are approved only when they are selected one by one, and an approval is undone", async () => {
  const [manager, field] = [await makeToken("manager", "Leyla"), await makeToken("field", "Team 8")];
  const place: [number, number] = [46.22, 39.66];
  const near = await submit(2, field, 0.00005, place);
  const others = await submit(5, field, 0.0006, place);
  // The first of these is where the first of those is.
  const flagged = near.length + 1;
  const { page, complaints } = await open(browser, "#review", await signedIn(manager));
  await still(page);
  await page.getByText(`${flagged} to select one by one`).waitFor();
  await page.keyboard.press("*");
  await page.getByText(`${others.length - 1} selected`).first().waitFor();
  await page.keyboard.press("a");
  const question = page.getByRole("dialog").getByText(`Approve ${others.length - 1} records?`);
  await question.waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#confirm-title").waitFor({ state: "detached" });
  assert.equal((await waiting(manager)).submitted, 7);
  await page.keyboard.press("a");
  await question.waitFor();
  await page.keyboard.press("Enter");
  await still(page);
  assert.equal((await waiting(manager)).submitted, flagged);
  // They can be selected manually, and the dialog shows their number.
  const boxes = page.locator(".review .list li input");
  for (let i = 0; i < flagged; i++) await boxes.nth(i).check();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByText(`${flagged} of them have possible duplicates.`).waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#confirm-title").waitFor({ state: "detached" });
  // Approved records can be listed, and the approval undone.
  await page.getByRole("combobox", { name: "State" }).selectOption("approved");
  await still(page);
  const listed = page.locator(".review .list li");
  assert.ok((await listed.count()) >= others.length - 1);
  await page.keyboard.press("u");
  await page.getByText(`${others.length - 1} restored.`).waitFor();
  await still(page);
  assert.equal((await waiting(manager)).submitted, 7);
  assert.deepEqual(await violations(page), []);
  await remove([...near, ...others], manager);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a write outside a team's rights is held, and a manager accepts or dismisses it", async () => {
  const [manager, field] = [await makeToken("manager", "Aysel"), await makeToken("field", "Team 5")];
  const id = randomUUID();
  const send = async (by: string, properties: object): Promise<number> => {
    const feature = { type: "Feature", id, geometry: { type: "Point", coordinates: [46.31, 39.71] }, properties: { kind: "uxo", detected_on: "2023-09-01", quantity: 1, ...properties } };
    const headers = { Authorization: `Bearer ${by}`, "Content-Type": "application/geo+json" };
    const answer = await fetch(`${url}/uploads`, { method: "POST", headers, body: JSON.stringify(feature) });
    return ((await answer.json()) as { held: number }).held;
  };
  assert.equal(await send(manager, {}), 0);
  const item = `${url}/collections/detections/items/${id}`;
  const read = async (): Promise<{ properties: { revision: number; status: string; quantity: number } }> =>
    (await fetch(item, { headers: { Authorization: `Bearer ${manager}` } })).json() as never;
  const { revision } = (await read()).properties;
  assert.equal(await send(field, { base_revision: revision, status: "neutralised", neutralised_on: "2023-09-02", disposal: "burned", reason: "burned in place" }), 1);
  assert.equal(await send(field, { base_revision: revision, quantity: 9 }), 1);
  const { page, complaints } = await open(browser, "#review", await signedIn(manager));
  await still(page);
  await page.getByRole("combobox", { name: "State" }).selectOption("held");
  await still(page);
  await page.getByText("The record is approved, so a field team may not change it.").waitFor();
  await page.getByText("“burned in place”").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: process.env.CLEARLINE_PICTURE ?? "/dev/null", type: "png" });
  await page.keyboard.press("a");
  // Replacing the approved record takes a comparison of both, and more than one key.
  const dialog = page.getByRole("dialog", { name: "Replace the approved record?" });
  await dialog.getByText("Replaces an approved record.").waitFor();
  await dialog.getByRole("row", { name: /Status.*Detected.*Neutralised/i }).waitFor();
  await dialog.getByRole("row", { name: /Items/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Enter");
  await page.locator("#replace-title").waitFor({ state: "detached" });
  assert.equal((await read()).properties.status, "detected");
  await page.keyboard.press("a");
  await dialog.getByRole("button", { name: "Replace the approved record" }).click();
  await still(page);
  assert.equal((await read()).properties.status, "neutralised");
  await page.keyboard.press("r");
  await page.getByRole("dialog").getByLabel("Reason").fill("Counted again: one");
  await page.keyboard.press("Enter");
  await still(page);
  await page.getByText("2 decided. Nothing left here.").waitFor();
  assert.equal((await read()).properties.quantity, 1);
  assert.equal((await waiting(manager)).held, 0);
  // Other tests rely on the demonstration's figures.
  assert.equal((await fetch(item, { method: "DELETE", headers: { Authorization: `Bearer ${manager}` } })).status, 204);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("an invalid submission is shown to a manager with the received data, and resolved", async () => {
  const [manager, field] = [await makeToken("manager", "Aysel"), await makeToken("field", "Team 6")];
  const form = { "meta/instanceID": `uuid:${randomUUID()}`, location: "39.71 46.31 0 5", kind: "<b>spoon</b>", detected_on: "2093-09-01", quantity: "1" };
  const headers = { Authorization: `Bearer ${field}`, "Content-Type": "application/json" };
  assert.equal((await fetch(`${url}/hooks/kobo`, { method: "POST", headers, body: JSON.stringify(form) })).status, 202);
  const { page, complaints } = await open(browser, "#review", await signedIn(manager));
  await still(page);
  await page.getByRole("option", { name: "Refused (1)" }).waitFor({ state: "attached" });
  await page.getByRole("combobox", { name: "State" }).selectOption("refused");
  await page.getByRole("heading", { name: "Forwarded by another server" }).waitFor();
  await page.getByRole("listitem").filter({ hasText: /Kind:.*<b>spoon<\/b>/ }).waitFor();
  await page.getByRole("listitem").filter({ hasText: /Date found:.*2093-09-01/ }).waitFor();
  await page.locator("pre").getByText('"location":"39.71 46.31 0 5"').waitFor();
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: process.env.CLEARLINE_PICTURE ?? "/dev/null", type: "png" });
  // No key decides here.
  await page.keyboard.press("a");
  await page.getByLabel("What was done").fill("The team saw no mine there");
  await page.getByRole("button", { name: "Mark as resolved" }).click();
  await page.getByText("Nothing here.").waitFor();
  assert.equal((await waiting(manager)).refused, 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a token is created, shown once and revoked", async () => {
  const { page, complaints } = await open(browser, "#tokens", await signedIn(token));
  await page.getByLabel("Name").fill("Survey 7");
  await page.getByLabel("Kalbajar", { exact: true }).check();
  await page.getByRole("button", { name: "Create a token" }).click();
  const made = await page.locator("code").innerText();
  const me = async (): Promise<number> => (await fetch(`${url}/me`, { headers: { Authorization: `Bearer ${made}` } })).status;
  assert.equal(await me(), 200);
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Revoke: Survey 7" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("row", { name: /Survey 7/ }).getByText("revoked").waitFor();
  assert.equal(await me(), 401);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
