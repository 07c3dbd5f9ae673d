/** Detections from ODK's own engine become the records that they describe: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DETECTION, LACHIN, RECEIVED, assertShown, hashOf, heldOf, photo, record, said, statuses, submit, team } from "./team.ts";

test("a detection is the record that was filled in, in each language, with its photo", async () => {
  const phone = await team();
  const kinds = { en: "Unexploded ordnance (UXO)", az: "Partlamamış döyüş sursatı", ru: "Неразорвавшийся боеприпас" };
  for (const [language, kind] of Object.entries(kinds)) {
    const taken = photo(64, `${language}.png`);
    const plain = { model: "OG-7V", detected_on: "2023-03-14", operator: "ANAMA", team: "Qrup 7", note: "Under the fence <b>&\"'\nнижний ряд, ölçüsü 40 sm" };
    const { id, told } = await submit(phone, DETECTION, { ...plain, location: LACHIN, kind, quantity: "3", depth_cm: "40", photo: taken }, language);
    assert.deepEqual(told, [RECEIVED]);
    assert.deepEqual((await record(id)).geometry.coordinates.slice(0, 2), [46.296, 39.7011]);
    const expected = { ...plain, kind: "uxo", quantity: 3, depth_cm: 40, accuracy_m: 4.2, fix: "gnss", status: "detected", photos: [await hashOf(taken)] };
    assert.deepEqual(await said(id, Object.keys(expected)), expected);
    await assertShown(taken);
  }
});

test("a submission in several posts is one record with all that came", async () => {
  const phone = await team();
  const [named, beside] = [photo(1500, "1.png"), photo(1500, "2.png")];
  const finished = await phone.finish(await phone.fillIn(DETECTION, "ru", { location: LACHIN, kind: "Взрыватель", photo: named }));
  // Collect sends whatever lies in the folder of a submission.
  const all = { ...finished, files: [...finished.files, beside] };
  assert.deepEqual(await phone.send(all), [RECEIVED, RECEIVED]);
  const made = await record(finished.id);
  assert.deepEqual(made.properties.photos, [await hashOf(named), await hashOf(beside)]);
  for (const file of all.files) await assertShown(file);
  assert.deepEqual(await phone.send(all), [RECEIVED, RECEIVED]);
  assert.deepEqual(await record(finished.id), made, "sent again it is the same");
});

test("the same submission twice is one record, and other content under its id waits for a manager", async () => {
  const phone = await team();
  const first = await submit(phone, DETECTION, { location: LACHIN, kind: "Other" });
  const made = await record(first.id);
  assert.deepEqual(await phone.send(first), [RECEIVED]);
  assert.deepEqual(await record(first.id), made);
  const other = new File([first.text.replace("<quantity>1<", "<quantity>2<")], first.xml.name, { type: first.xml.type });
  assert.deepEqual(statuses(await phone.send({ ...first, xml: other })), [202]);
  assert.deepEqual(await record(first.id), made);
  assert.deepEqual((await heldOf(first.id)).map(({ why, feature }) => [why, feature.properties.quantity]), [["conflict", 2]]);
});

test("what lies outside the team's districts is received, and waits for a manager there", async () => {
  const { id, told } = await submit(await team(), DETECTION, { location: "40.1063 46.0412", kind: "Other" });
  assert.deepEqual(statuses(told), [202]);
  await assert.rejects(record(id), /404/);
});
