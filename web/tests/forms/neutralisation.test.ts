/** Neutralisations from ODK's own engine, of detections in the server's list: CLEARLINE_URL, CLEARLINE_TOKEN. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Collect, Finished } from "./collect.ts";
import { NEUTRALISATION, RECEIVED, assertShown, detected, hashOf, heldOf, photo, record, said, statuses, submit, team } from "./team.ts";

const DEALT_WITH = ["status", "neutralised_on", "disposal", "note"] as const;

test("a neutralisation of a detection in the list is a new revision of it", async () => {
  const [finder, other] = [await team(), await team()];
  const id = await detected(finder, { note: "Under the fence", model: "PMN-2" });
  const before = await record(id);
  await other.refresh();
  assert.match(other.label(id) ?? "", /^Anti-personnel mine PMN-2 × 1, Lachin, 2023-03-14(, [^·]+)? · 39\.\d{5} 46\.\d{5}$/);
  const taken = photo(64, "after.png");
  const { told } = await submit(other, NEUTRALISATION, { detection: id, neutralised_on: "2023-03-15", disposal: "Yandırılıb", note: "Küllər yoxlanılıb", photo: taken }, "az");
  assert.deepEqual(told, [RECEIVED]);
  const now = await record(id);
  const { photos, revision, ...rest } = now.properties;
  assert.deepEqual(await said(id, DEALT_WITH), { status: "neutralised", neutralised_on: "2023-03-15", disposal: "burned", note: "Under the fence\nKüllər yoxlanılıb" });
  assert.deepEqual([now.geometry, rest.kind, rest.model, rest.detected_on], [before.geometry, "ap_mine", "PMN-2", "2023-03-14"]);
  assert.ok(Number(revision) > Number(before.properties.revision));
  assert.deepEqual(photos, [await hashOf(taken)]);
  await assertShown(taken);
  await finder.refresh();
  assert.equal(finder.label(id), undefined, "it waits no more");
});

test("a neutralisation of a record changed since by someone else is held for a manager", async () => {
  const [late, first] = [await team("Team that comes too late"), await team()];
  const id = await detected(late);
  await first.refresh();
  const deal = (phone: Collect, disposal: string) => submit(phone, NEUTRALISATION, { detection: id, neutralised_on: "2023-03-15", disposal });
  assert.deepEqual((await deal(first, "Burned")).told, [RECEIVED]);
  const second = await deal(late, "Removed");
  assert.deepEqual(statuses(second.told), [202]);
  assert.match(second.told[0]?.message ?? "", /kept for a manager.*the record has changed since/);
  assert.equal((await record(id)).properties.disposal, "burned");
  const waits = async () => (await heldOf(id)).map(({ why, by, feature }) => [why, by, feature.properties.disposal]);
  assert.deepEqual(await waits(), [["conflict", "Team that comes too late", "removed"]]);
  assert.deepEqual(await late.send(second), second.told, "sent again it gets the same response");
  assert.deepEqual(await waits(), [["conflict", "Team that comes too late", "removed"]]);
});

test("offline updates by one phone build on one another", async () => {
  const phone = await team();
  const id = await detected(phone);
  // A team's own form that also lists neutralised detections.
  phone.vary(NEUTRALISATION, (form) => form.replaceAll("item[status = 'detected'", "item[true()"));
  const finished: Finished[] = [];
  for (const note of ["first", "second", "third"]) {
    finished.push(await phone.finish(await phone.fillIn(NEUTRALISATION, "ru", { detection: id, neutralised_on: "2023-03-15", disposal: "Иначе", note })));
  }
  for (const each of finished) assert.deepEqual(await phone.send(each), [RECEIVED]);
  assert.equal((await record(id)).properties.note, "first\nsecond\nthird");
});

test("a day before that of the detection is received, and waits for a manager", async () => {
  const phone = await team();
  const id = await detected(phone);
  const { told } = await submit(phone, NEUTRALISATION, { detection: id, neutralised_on: "2023-03-13", disposal: "Burned" });
  assert.deepEqual(statuses(told), [202]);
  assert.match(told[0]?.message ?? "", /is before detected_on 2023-03-14/);
  assert.equal((await record(id)).properties.status, "detected");
});

test("a detection marked on a phone leaves its list at once, and the server's when sent", async () => {
  const [phone, other] = [await team(), await team()];
  const [id, false_alarm] = [await detected(phone), await detected(phone)];
  await other.refresh();
  const listed = async (of: Collect): Promise<boolean[]> => {
    const question = (await of.fillIn(NEUTRALISATION, "en", {})).question("detection");
    if (question.nodeType !== "select") throw new Error("it is no choice");
    const ids = question.currentState.valueOptions.map(({ value }) => value);
    return [id, false_alarm].map((each) => ids.includes(each));
  };
  assert.deepEqual(await listed(phone), [true, true]);
  const pointed_at = await phone.fillIn(NEUTRALISATION, "en", { on_map: id, disposal: "Burned" });
  assert.deepEqual(pointed_at.question("detection").currentState.value, [id], "what was pointed at on the map is chosen");
  const neutralised = await phone.finish(pointed_at);
  assert.deepEqual(await listed(phone), [false, true], "nothing was sent yet");
  const discounted = await phone.finish(await phone.fillIn(NEUTRALISATION, "ru", { detection: false_alarm, status: "Не подтвердилось", note: "Консервная банка" }));
  assert.deepEqual([await listed(phone), await listed(other)], [[false, false], [true, true]]);
  assert.deepEqual([await phone.send(neutralised), await phone.send(discounted)], [[RECEIVED], [RECEIVED]]);
  await other.refresh();
  assert.deepEqual(await listed(other), [false, false]);
  assert.deepEqual(await said(false_alarm, DEALT_WITH), { status: "discounted", neutralised_on: null, disposal: null, note: "Консервная банка" });
});

test("a corrected neutralisation is a manager's, and never of another record", async () => {
  const phone = await team();
  const [id, other] = [await detected(phone), await detected(phone)];
  const sent = await submit(phone, NEUTRALISATION, { detection: id, neutralised_on: "2023-03-15", disposal: "Burned" });
  assert.deepEqual(sent.told, [RECEIVED]);
  assert.deepEqual(statuses(await phone.send(phone.correct(sent, { disposal: "removed" }))), [202]);
  assert.deepEqual((await heldOf(id)).map(({ feature }) => feature.properties.disposal), ["removed"]);
  const mistaken = phone.correct(sent, { detection: other });
  const text = mistaken.text.replace(`id="${id}"`, `id="${other}"`);
  const told = await phone.send({ ...mistaken, text, xml: new File([text], mistaken.xml.name, { type: mistaken.xml.type }) });
  assert.deepEqual(statuses(told), [202]);
  assert.match(told[0]?.message ?? "", /must be .*, the record of the corrected form/);
  assert.deepEqual([(await record(id)).properties.disposal, (await record(other)).properties.status], ["burned", "detected"]);
});
