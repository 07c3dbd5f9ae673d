/** The field page on bad networks and full disks: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { picture } from "../picture.ts";
import { makeToken, url } from "./browser.ts";
import { chaos, type Chaos } from "./chaos.ts";
import { gateway, type Gateway } from "./gateway.ts";
import { Phone } from "./phone.ts";
import { begin, choosePhoto, go, save, stow, take, takeUpToPhoto } from "./steps.ts";

/** With a separate phone, which is discarded. */
function onPhone<Way extends Chaos | Gateway>(what: string, through: (server: string) => Promise<Way>, steps: (phone: Phone, way: Way) => Promise<void>, disk_mb: number | null = null): void {
  test(what, { timeout: 120_000 }, async () => {
    const way = await through(url);
    const phone = await Phone.make(way.url, disk_mb);
    try {
      await steps(phone, way);
      assert.deepEqual(phone.complaints, []);
    } finally {
      await phone.throwAway();
      await way.close();
    }
  });
}

async function onServer(path: string, token: string): Promise<Response> {
  return fetch(url + path, { headers: { Authorization: `Bearer ${token}` } });
}

async function photosOf(id: string, token: string): Promise<string[]> {
  const { properties } = (await (await onServer(`/collections/detections/items/${id}`, token)).json()) as { properties: { photos?: string[] } };
  return properties.photos ?? [];
}

async function status(page: Page, said: string): Promise<void> {
  await page.getByRole("status").getByText(said).first().waitFor();
}

/** Imitates the phone finding the network again; it may already have sent by then. */
async function sendNow(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event("online")));
}

onPhone("at 5 kB a second with 8 % of the pieces reset all records arrive, and then the photo", chaos, async (phone, way) => {
  const token = await makeToken("field", "Team 11");
  const page = await phone.on();
  await begin(page, token);
  await phone.network(false);
  await take(page, "Fuze", [picture(120)]);
  const others = await stow(page, 15);
  way.be({ resets: 0.08, bytes_per_s: 5_000 });
  await phone.network(true);
  await go(page, "Queue");
  const arrived = page.locator("[data-waiting='0']").first();
  await arrived.waitFor({ timeout: 80_000 });
  assert.equal((await onServer(`/collections/detections/items/${others[14] ?? ""}`, token)).status, 200);
  await page.locator("[data-waiting='0'][data-photos='0']").first().waitFor({ timeout: 60_000 });
  await page.locator("[data-state=sent]").first().waitFor();
});

onPhone("a request that breaks holds up nothing, and the phone tells no network from no server", gateway, async (phone, way) => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 12"));
  await phone.network(false);
  await status(page, "No network");
  await stow(page, 6);
  // The browser itself retries requests lost on a reused connection.
  way.loseAnswers(3);
  way.cut();
  await phone.network(true);
  await status(page, "Server not reachable");
  way.mend();
  await go(page, "Queue");
  await sendNow(page);
  await page.locator("[data-waiting='0']").first().waitFor();
  const ids = way.uploads.map(({ id }) => id);
  assert.equal(new Set(ids).size, 6);
  assert.equal(new Set(way.uploads.map(({ key }) => key)).size, 6);
  assert.ok(ids.some((id, n) => id !== ids[n - 1] && ids.indexOf(id) < n), "others were sent before one was sent again");
});

onPhone("a file that is not a photo is refused when it is chosen, and the record goes without it", gateway, async (phone, way) => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 13"));
  await takeUpToPhoto(page, "Fuze");
  const heic = Buffer.concat([Buffer.from("00000018", "hex"), Buffer.from("ftypheic"), randomBytes(200)]);
  const cut = Buffer.concat([picture(32).subarray(0, 40)]);
  for (const [bytes, told] of [
    [Buffer.alloc(0), "This file is empty"],
    [Buffer.from("Minefield notes, page 1"), "not a JPEG, PNG or WebP picture"],
    [heic, "HEIC"],
    [cut, "damaged"],
  ] as const) {
    await choosePhoto(page, bytes, "IMG_0001.jpg", "image/jpeg");
    await page.getByRole("alert").getByText(told).waitFor();
  }
  assert.equal(await page.locator("img[data-photo]").count(), 0);
  await save(page);
  await go(page, "Queue");
  await page.locator("[data-state=sent]").waitFor();
  assert.equal(way.uploads.length, 1);
});

onPhone(
  "on a full disk a record without a photo still fits, and nothing that was kept is gone",
  gateway,
  async (phone) => {
    const page = await phone.on();
    await page.waitForSelector("[data-ready=true]");
    await take(page, "Fuze", [picture(64)]);
    await page.waitForFunction(() => caches.has("clearline-reserve"));
    await page.getByRole("button", { name: "Next detection" }).click();
    const makeRoom = phone.fillDisk();
    await page.getByRole("button", { name: "Use this position" }).click();
    await page.getByRole("button", { name: "Other", exact: true }).click();
    // Larger than the reserve.
    await choosePhoto(page, picture(1000));
    await page.getByRole("alert").getByText("NOT saved").waitFor();
    await save(page);
    await go(page, "Queue");
    await page.locator("[data-waiting='2']").first().waitFor();
    await page.locator("[data-state=waiting]").nth(1).waitFor();
    makeRoom();
    await page.reload();
    await page.locator("[data-waiting='2']").first().waitFor();
  },
  200,
);

onPhone("on a network that breaks the page is installed file by file, and it says so when it is not there any more", chaos, async (phone, way) => {
  way.be({ resets: 0.02, bytes_per_s: 1_000_000 });
  let page: Page | null = null;
  for (let n = 0; page === null && n < 10; n++) {
    page = await phone.on().catch(() => null);
    if (page === null) await phone.die();
  }
  assert.ok(page !== null);
  await page.getByText(/Saving for offline use: \d+ of \d+ files/).waitFor();
  await page.waitForSelector("[data-ready=true]", { timeout: 60_000 });
  // The browser clears it, and the page notices and restores what is missing.
  way.be({ resets: 1, bytes_per_s: null });
  const clear = async (): Promise<void> => {
    for (const name of await caches.keys()) await caches.delete(name);
    dispatchEvent(new Event("online"));
  };
  await page.evaluate(clear);
  await page.waitForSelector("[data-ready=false]");
  way.be({ resets: 0, bytes_per_s: null });
  await sendNow(page);
  await page.waitForSelector("[data-ready=true]", { timeout: 30_000 });
  way.be({ resets: 1, bytes_per_s: null });
  await page.reload();
  await page.waitForSelector("main h1");
  phone.complaints.length = 0;
});

onPhone("a photo that vanished from the phone is not named by its record, and the team sees so", gateway, async (phone, way) => {
  const token = await makeToken("field", "Team 14");
  const page = await phone.on();
  await begin(page, token);
  way.cut();
  await take(page, "Fuze", [picture(40), picture(41)]);
  const gone = await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((opened) => {
      const asked = indexedDB.open("clearline-field");
      asked.onsuccess = () => opened(asked.result);
    });
    const photos = db.transaction("photos", "readwrite").objectStore("photos");
    const [first] = await new Promise<IDBValidKey[]>((read) => {
      const asked = photos.getAllKeys();
      asked.onsuccess = () => read(asked.result);
    });
    await new Promise((done) => (photos.delete(first ?? "").onsuccess = done));
    db.close();
    return first;
  });
  way.mend();
  await go(page, "Queue");
  await sendNow(page);
  await page.locator("[data-state=sent] a").click();
  await page.locator("[data-lost='1']").getByText("Photos lost: 1").waitFor();
  const named = await photosOf(way.uploads[0]?.id ?? "", token);
  assert.equal(named.length, 1);
  assert.notEqual(named[0], gone);
  await page.waitForFunction(() => document.querySelector("[data-due]") === null);
  assert.equal((await onServer(`/photos/${named[0] ?? ""}`, token)).status, 200);
});

onPhone("hundreds of records are sent without reading them all for each, and a position does not draw them anew", gateway, async (phone) => {
  const page = await phone.on();
  await begin(page, await makeToken("field", "Team 15"));
  await phone.network(false);
  const n = 120;
  await stow(page, n);
  await page.locator(`[data-waiting='${n}']`).first().waitFor();
  // As text, because compiled functions use helpers that the page does not have.
  await page.evaluate(`reads = 0; readAll = IDBObjectStore.prototype.getAll; IDBObjectStore.prototype.getAll = function (...given) { if (this.name === "entries") reads++; return readAll.apply(this, given); }`);
  await phone.network(true);
  await page.locator("[data-waiting='0']").first().waitFor({ timeout: 60_000 });
  const reads = await page.evaluate<number>("reads");
  assert.ok(reads < n, `the queue was read ${reads} times`);

  await page.evaluate(`told = []; post = Worker.prototype.postMessage; Worker.prototype.postMessage = function (message, ...given) { told.push(message?.data?.source); return post.call(this, message, ...given); }`);
  await page.evaluate(() => void (location.hash = "#map"));
  await page.waitForSelector(".map[data-drawn=true]", { timeout: 60_000 });
  await page.waitForFunction(`told.includes("records") && told.includes("here")`);
  // Changes from the last responses may still be on their way to the map.
  let redrawn = 1;
  for (let round = 0; round < 6 && redrawn > 0; round++) {
    await page.evaluate("told.length = 0");
    for (const step of [1, 2, 3]) {
      await phone.moveTo(46.3, 39.7 + (3 * round + step) / 10_000, 4);
      await page.waitForFunction((so_many) => (globalThis as unknown as { told: string[] }).told.filter((source) => source === "here").length >= so_many, step);
    }
    redrawn = await page.evaluate<number>(`told.filter((source) => source === "records").length`);
  }
  assert.equal(redrawn, 0, "a position draws the records anew");
});
