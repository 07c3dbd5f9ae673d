/** How a phone learns of a manager's decisions: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";

import { makeToken, url } from "./browser.ts";
import { look } from "./look.ts";
import { onPhone, onServer, phone, way } from "./on-phone.ts";
import { begin, go, take } from "./steps.ts";

onPhone("of what was set aside a phone hears whether a manager accepted or dismissed it, and why", async () => {
  const manager = await makeToken("manager", "Leyla");
  const page = await phone.on();
  // Kalbajar is not its district.
  await begin(page, await makeToken("field", "Team 3", ["AZ-LAC"]));
  await phone.moveTo(46.03, 40.11, 4);
  for (const kind of ["Fuze", "Other"]) await take(page, kind);
  await go(page, "Queue");
  await page.getByRole("heading", { name: "With a manager (2)" }).waitFor();
  await page.locator("[data-state=held]").getByText("outside your districts").first().waitFor();
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
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("button", { name: "Yes, discard" }).click();
  await page.waitForFunction(() => document.querySelector("[data-state=rejected]") === null);
  // Approved records change the demonstration's figures, which other tests rely on.
  const taken = await fetch(`${url}/collections/detections/items/${idOf("fuze")}?reason=test`, { method: "DELETE", headers });
  assert.equal(taken.status, 204, await taken.text());
});

onPhone("what a manager sends back is shown with the reason", async () => {
  const [field, manager] = [await makeToken("field", "Team 6"), await makeToken("manager", "Leyla")];
  const page = await phone.on();
  await begin(page, field);
  await take(page, "Booby trap");
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
