/** A team's steps on the field page. */

import type { Page } from "playwright-core";

/** Signs in, once the page works offline. */
export async function begin(page: Page, token: string): Promise<void> {
  await page.waitForSelector("[data-ready=true]");
  await go(page, "More");
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Signed in as").waitFor();
  await go(page, "New");
}

export async function go(page: Page, tab: "New" | "Queue" | "Records" | "More"): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: tab }).click();
}

/** Starts a detection at the phone's position, up to the photo. */
export async function takeUpToPhoto(page: Page, kind: string): Promise<void> {
  await page.getByRole("button", { name: /^(New|Next) detection$/ }).click();
  await page.getByRole("button", { name: "Use this position" }).click();
  await page.getByRole("button", { name: kind, exact: true }).click();
}

export async function choosePhoto(page: Page, photo: Buffer, name = "photo.png", mimeType = "image/png"): Promise<void> {
  await page.locator("input[type=file]").first().setInputFiles({ name, mimeType, buffer: photo });
}

export async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("heading", { name: "Saved on this phone" }).waitFor();
}

/** Records a detection with these photos and this depth, from the first screen to the confirmation. */
export async function take(page: Page, kind: string, photos: readonly Buffer[] = [], depth = ""): Promise<void> {
  await takeUpToPhoto(page, kind);
  for (const [n, photo] of photos.entries()) {
    await choosePhoto(page, photo);
    await page.locator("img[data-photo]").nth(n).waitFor();
  }
  if (depth !== "") {
    await page.getByText("More details").click();
    await page.getByLabel("Depth, cm").fill(depth);
  }
  await save(page);
}

/** Adds this many detections to the queue, as if recorded earlier. Returns their ids. */
export function stow(page: Page, n: number): Promise<string[]> {
  return page.evaluate(async (n) => {
    const db = await new Promise<IDBDatabase>((opened) => {
      const asked = indexedDB.open("clearline-field");
      asked.onsuccess = () => opened(asked.result);
    });
    const transaction = db.transaction("entries", "readwrite");
    const ids = Array.from({ length: n }, () => crypto.randomUUID() as string);
    for (const [i, id] of ids.entries()) {
      const properties = { kind: "fuze", status: "detected", detected_on: "2023-09-01", quantity: 1, fix: "gnss", accuracy_m: 4 };
      transaction.objectStore("entries").put({
        key: `01900000-0000-7000-8000-${String(i).padStart(12, "0")}`,
        record: id,
        feature: { type: "Feature", id, geometry: { type: "Point", coordinates: [46.3 + i / 10_000, 39.7] }, properties },
        what: "detection", base: null, after: null, idempotency_key: crypto.randomUUID(), n_unanswered: 0, state: "waiting", by: null,
        operator: null, made_at: "2023-09-01T06:00:00Z", answered_at: null, revision: null, problems: [], reason: null,
      });
    }
    await new Promise<void>((done) => (transaction.oncomplete = () => done()));
    db.close();
    new BroadcastChannel("clearline-field").postMessage("changed");
    return ids;
  }, n);
}
