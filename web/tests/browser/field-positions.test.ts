/** The field page's questions about positions, dates and typed values: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { picture } from "../picture.ts";
import { makeToken, url, violations } from "./browser.ts";
import { Phone } from "./phone.ts";

interface OnServer {
  id: string;
  geometry: { coordinates: [number, number] };
  properties: { accuracy_m?: number; detected_on: string; quantity: number; fix: string; location_as_given?: { coordinates: string; crs: string } };
}

/** With a separate phone on which a team is signed in and the districts are stored. */
function onPhone(what: string, steps: (page: Page, phone: Phone, token: string) => Promise<void>): void {
  test(what, { timeout: 120_000 }, async () => {
    const phone = await Phone.make(url);
    try {
      const token = await makeToken("field", "Team 13");
      const page = await phone.on("#more");
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("Signed in as").waitFor();
      await begin(page);
      await page.getByText("Lachin").waitFor();
      await steps(page, phone, token);
      assert.deepEqual(phone.complaints, []);
    } finally {
      await phone.throwAway();
    }
  });
}

async function begin(page: Page): Promise<void> {
  await page.goto(`${url}/field#take`);
  await page.getByRole("button", { name: "New detection" }).click();
  await page.locator("[data-gnss=there]").waitFor();
}

/** From the choice of the kind to the server's copy. */
async function send(page: Page, token: string): Promise<OnServer> {
  await page.getByRole("button", { name: "Unexploded ordnance", exact: true }).click();
  return save(page, token);
}

async function save(page: Page, token: string): Promise<OnServer> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Saved on this phone" }).waitFor();
  return onServer(page, token);
}

/** The server's copy of the newest record, once it is sent; its screen is open then. */
async function onServer(page: Page, token: string): Promise<OnServer> {
  const { key, record } = await newest(page);
  await page.goto(`${url}/field#entry/${key}`);
  await page.locator(`[data-entry="${key}"][data-state=sent]`).waitFor();
  const answer = await fetch(`${url}/collections/detections/items/${record}`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  return (await answer.json()) as OnServer;
}

interface Kept {
  key: string;
  record: string;
}

/** The newest entry of the phone. */
function newest(page: Page): Promise<Kept> {
  return page.evaluate(
    () =>
      new Promise<Kept>((resolve, reject) => {
        const opened = indexedDB.open("clearline-field");
        opened.onerror = () => reject(new Error("no database"));
        opened.onsuccess = () => {
          const all = opened.result.transaction("entries").objectStore("entries").getAll();
          all.onsuccess = () => {
            opened.result.close();
            const entry = (all.result as Kept[]).at(-1);
            if (entry === undefined) reject(new Error("nothing was kept"));
            else resolve(entry);
          };
        };
      }),
  );
}

async function type(page: Page, notation: string, boxes: Record<string, string>): Promise<void> {
  const typeIt = page.getByRole("button", { name: "Type coordinates" });
  if (await typeIt.isVisible()) await typeIt.click();
  await page.getByLabel("Coordinate format").selectOption(notation);
  for (const [label, text] of Object.entries(boxes)) await page.getByLabel(label).fill(text);
}

async function look(page: Page): Promise<void> {
  assert.deepEqual(await violations(page, ["color-contrast-enhanced"]), []);
}

onPhone("an accuracy of 0 is unknown, one of 150 km is no position, and odd places are asked about", async (page, phone, token) => {
  await phone.moveTo(46.3, 39.7, 150_000);
  await page.getByText("not usable as a position").waitFor();
  assert.ok(await page.getByRole("button", { name: "Use it anyway" }).isDisabled());
  await phone.moveTo(0, 0, 4);
  await page.getByText("Both coordinates are 0").waitFor();
  await page.getByRole("button", { name: "Use it anyway" }).click();
  await page.locator("[data-doubts=zero]").waitFor();
  await look(page);
  await page.getByRole("button", { name: "Change the position" }).click();
  await phone.moveTo(46.3, 39.7, 0);
  await page.getByText("Accuracy unknown").waitFor();
  assert.equal(await page.getByText("Good position").count(), 0);
  await page.getByRole("button", { name: "Use it anyway" }).click();
  assert.equal((await send(page, token)).properties.accuracy_m, undefined);

  // Swapped axes, which one tap corrects.
  await begin(page);
  await type(page, "degrees", { "Longitude (east)": "39.71234", "Latitude (north)": "46.31234" });
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.locator("[data-doubts=outside]").waitFor();
  await look(page);
  await page.getByRole("button", { name: "Swap longitude and latitude" }).click();
  const mended = await send(page, token);
  assert.deepEqual(mended.geometry.coordinates, [46.31234, 39.71234]);
  assert.equal(mended.properties.location_as_given?.coordinates, "39.71234 46.31234");

  // Another country: the team may confirm it, and is asked again when correcting the record.
  await phone.moveTo(44.5, 40.2, 4);
  await begin(page);
  await page.getByRole("button", { name: "Use it anyway" }).click();
  await page.getByRole("button", { name: "keep this place" }).click();
  const abroad = await send(page, token);
  assert.deepEqual(abroad.geometry.coordinates, [44.5, 40.2]);
  await page.goto(`${url}/field#record/${abroad.id}`);
  await page.getByRole("button", { name: "Correct" }).click();
  await page.getByRole("link", { name: "Is this the place?" }).click();
  await page.locator("[data-doubts=outside]").waitFor();
});

onPhone("the form warns of a wrong clock where the day is taken, and its day is not sent unasked", async (page, _phone, token) => {
  const real = await page.evaluate(() => new Date().toLocaleDateString("sv"));
  // From here on the page's clock is in the past, the server's is not.
  await page.clock.install({ time: new Date("1970-01-02T08:00:00") });
  await page.goto(`${url}/field`);
  await page.reload();
  await begin(page);
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Unexploded ordnance", exact: true }).click();
  await page.getByText("The phone's clock is wrong").waitFor();
  await page.clock.runFor(1_500);
  const saving = page.getByRole("button", { name: "Save", exact: true });
  assert.ok(await saving.isDisabled());
  const day = page.getByLabel("Date found");
  for (const [wrong, why] of [["1970-01-02", "before 1990"], ["2199-01-01", "in the future"]] as const) {
    await day.fill(wrong);
    await page.getByText(why).waitFor();
    assert.ok(await saving.isDisabled());
  }
  await look(page);
  await page.getByRole("button", { name: "Found on" }).click();
  assert.equal(await day.inputValue(), real);
  await saving.click();
  await page.getByRole("heading", { name: "Saved on this phone" }).waitFor();
  // In steps: to the page, a jump of many seconds would look like a hanging request.
  const sent = page.locator("[data-waiting='0']").first();
  for (let n = 0; n < 100 && !(await sent.isVisible()); n++) {
    await page.clock.runFor(500);
    await page.waitForTimeout(100);
  }
  assert.equal((await onServer(page, token)).properties.detected_on, real);
});

onPhone("a position is no more exact than its map, and a compass is turned by the model", async (page, _phone, token) => {
  await type(page, "mgrs", { "MGRS, such as": "38S PK 49824 02360" });
  await page.getByRole("button", { name: "Use this position" }).click();
  assert.equal((await send(page, token)).properties.accuracy_m, 50.1);

  await begin(page);
  await type(page, "bearing", { "Bearing, degrees": "90", "Distance, m": "1000" });
  await page.getByText(/Magnetic declination 6\.\d° E from the World Magnetic Model 20\d\d/).waitFor();
  await look(page);
  await page.getByRole("button", { name: "A typed point" }).click();
  await page.getByLabel("Longitude (east)").fill("46.30000");
  await page.getByLabel("Latitude (north)").fill("39.70000");
  await page.getByRole("button", { name: "Use this position" }).click();
  const { geometry, properties } = await send(page, token);
  // East by compass is south of true east, by a ninth of the distance.
  assert.ok(geometry.coordinates[1] < 39.7 - 0.0009 && geometry.coordinates[1] > 39.7 - 0.0012, String(geometry.coordinates));
  assert.ok((properties.accuracy_m ?? 0) > 50, String(properties.accuracy_m));
  assert.match(properties.location_as_given?.coordinates ?? "", /^90 degrees \(magnetic, declination 6\.\d by WMM20\d\d\), 1000 m from 46\.3 39\.7$/);
});

onPhone("what teams type is read or told at its box, and stays; items are typed, and a photo goes in two steps", async (page, _phone, token) => {
  await type(page, "degrees", { "Longitude (east)": "39,71234 46,31234" });
  await page.getByText("This can mean several places").waitFor();
  await look(page);
  await page.getByLabel("Longitude (east)").fill("46.31234 Ş");
  await page.locator("[data-fault=axis]").waitFor();
  await type(page, "bearing", { "Bearing, degrees": "1500", "Distance, m": "10" });
  await page.locator("[data-fault=mils]").waitFor();
  await type(page, "utm", { "Easting, m": "611.483,50 E", "Northing, m": "4395 123.50 mN" });
  await page.getByText(/± 51 m/).waitFor();
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByRole("button", { name: "Use this position" }).waitFor();
  assert.equal(await page.getByLabel("Easting, m").inputValue(), "611.483,50 E");
  await page.getByLabel("Coordinate format").selectOption("degrees");
  assert.equal(await page.getByLabel("Longitude (east)").inputValue(), "46.31234 Ş");
  await page.getByLabel("Longitude (east)").fill("39°42′44″ с.ш., 46°18′44″ в.д.");
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: "Unexploded ordnance", exact: true }).click();
  await page.getByLabel("Items").fill("2.5");
  await page.getByText("Type a whole number").waitFor();
  await page.getByLabel("Items").fill("42");
  for (const from of ["Take a photo", "Gallery"]) {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: from }).click()]);
    assert.equal(await page.locator("input[type=file]").getAttribute("capture"), from === "Take a photo" ? "environment" : null);
    await chooser.setFiles({ name: "photo.png", mimeType: "image/png", buffer: picture(64) });
    await page.locator("img[data-photo]").waitFor();
    await page.getByRole("button", { name: "Remove photo 1" }).click();
    await look(page);
    await page.getByRole("button", { name: "Yes, remove" }).click();
    await page.locator("img[data-photo]").waitFor({ state: "detached" });
  }
  const { geometry, properties } = await save(page, token);
  assert.equal(properties.quantity, 42);
  assert.deepEqual(geometry.coordinates.map((degree) => degree.toFixed(4)), ["46.3122", "39.7122"]);
  assert.deepEqual(properties.location_as_given, { coordinates: "39°42′44″ с.ш., 46°18′44″ в.д.", crs: "EPSG:4326" });
});
