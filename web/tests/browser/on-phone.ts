/** A phone behind a separate gateway, new for each test. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import type { Page } from "playwright-core";

import { url } from "./browser.ts";
import { gateway, type Gateway } from "./gateway.ts";
import { Phone } from "./phone.ts";
import { go, save } from "./steps.ts";

export let way: Gateway;
export let phone: Phone;

before(async () => {
  way = await gateway(url);
});

after(async () => {
  await way.close();
});

/** With a separate phone, which is discarded. */
export function onPhone(what: string, steps: () => Promise<void>): void {
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

/** Stores the map and the records of Kalbajar on the phone. */
export async function keepDistrict(page: Page): Promise<void> {
  await go(page, "More");
  await page.getByLabel("District").selectOption({ label: "Kalbajar" });
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.locator("[data-area=AZ-KAL]").waitFor();
}

/** Marks a record on the phone as neutralised. */
export async function neutralise(page: Page, id: string, how: string): Promise<void> {
  await page.goto(`${way.url}/field#record/${id}`);
  await page.getByRole("link", { name: "Mark as neutralised" }).click();
  // The phone is far from the record, so the page asks.
  await page.getByLabel("Yes, it is the right one").check();
  await page.getByRole("button", { name: how }).click();
  await save(page);
}

/** Puts the phone in or out of network coverage. */
export async function network(there: boolean): Promise<void> {
  if (there) way.mend();
  else way.cut();
  await phone.network(there);
}

/** A record as the server returns it. */
export interface OnServer {
  id: string;
  properties: { kind: string; status: string; disposal?: string; photos?: string[]; revision: number };
}

/** The server's copies of these. */
export function onServer(ids: Iterable<string>, token: string): Promise<OnServer[]> {
  return Promise.all(
    [...ids].map(async (id) => {
      const answer = await fetch(`${url}/collections/detections/items/${id}`, { headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200, await answer.clone().text());
      return (await answer.json()) as OnServer;
    }),
  );
}
