/** Detections from ODK's own engine become the records they describe: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { DETECTION, LACHIN, RECEIVED, assertShown, hashOf, heldOf, photo, record, said, statuses, submit, team } from "./team.ts";

test("a detection is the record that was filled in, in each language, with its photo", async () => {
  const phone = await team();
  const kinds = { en: "Unexploded ordnance", az: "Partlamamış sursat", ru: "Неразорвавшийся боеприпас" };
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
  // Collect sends every file in a submission's folder.
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

test("a place outside the team's districts is received, and waits for a manager there", async () => {
  const { id, told } = await submit(await team(), DETECTION, { location: "40.1063 46.0412", kind: "Other" });
  assert.deepEqual(statuses(told), [202]);
  await assert.rejects(record(id), /404/);
});

test("a place on the map, or by bearing and distance, is distinguished from the phone's", async () => {
  const phone = await team();
  const on_map = await submit(phone, DETECTION, { fix: "Read from a map", location_on_map: "39.702 46.297 0 0", kind: "Other" });
  assert.deepEqual(on_map.told, [RECEIVED]);
  assert.deepEqual((await record(on_map.id)).geometry.coordinates.slice(0, 2), [46.297, 39.702]);
  assert.deepEqual(await said(on_map.id, ["fix", "accuracy_m", "location_as_given"]), { fix: "map", accuracy_m: null, location_as_given: null });
  const from = { fix: "Bearing and distance", start_location: LACHIN, bearing: "90", distance_m: "200", kind: "Other", detected_on: "2023-03-14" };
  const ends: [lon: number, lat: number][] = [];
  for (const bearing_north of ["True: a map", "Magnetic: a compass"]) {
    const { id, told } = await submit(phone, DETECTION, { ...from, bearing_north });
    assert.deepEqual(told, [RECEIVED]);
    ends.push((await record(id)).geometry.coordinates);
    const { location_as_given, ...rest } = await said(id, ["fix", "accuracy_m", "location_as_given"]);
    assert.deepEqual(rest, { fix: "bearing_distance", accuracy_m: 9.1 });
    assert.match(JSON.stringify(location_as_given), /"90 degrees \((true|magnetic, declination 6\.\d)\), 200 m from 46\.296 39\.7011"/);
  }
  const [[trueLon, trueLat] = [0, 0], [lon, lat] = [0, 0]] = ends;
  assert.ok(Math.abs((trueLon - 46.296) * 85_800 - 200) < 1 && Math.abs(trueLat - 39.7011) < 1e-5);
  // The declination there is 6.4 degrees east: a point due east by compass is 22 m south of true east.
  assert.ok(lon < trueLon && Math.abs((trueLat - lat) * 111_000 - 22.5) < 2, `${lat}`);
});

test("a sent form can be corrected on the phone repeatedly, and remains one record", async () => {
  const phone = await team();
  const first = await submit(phone, DETECTION, { location: LACHIN, kind: "Other", quantity: "2" });
  const second = phone.correct(first, { quantity: "3" });
  assert.deepEqual(await phone.send(second), [RECEIVED]);
  const taken = photo(48, "later.png");
  const third = phone.correct(second, { kind: "uxo", location: "39.702 46.297 10 3" }, [taken]);
  assert.deepEqual(await phone.send(third), [RECEIVED]);
  assert.deepEqual(await phone.send(third), [RECEIVED], "sent again");
  assert.deepEqual(await said(first.id, ["quantity", "kind", "accuracy_m", "photos"]), { quantity: 3, kind: "uxo", accuracy_m: 3, photos: [await hashOf(taken)] });
  await assert.rejects(record(second.id), /404/);
});

test("a form's log, films and sound do not prevent it from being received", async () => {
  const phone = await team();
  const finished = await phone.finish(await phone.fillIn(DETECTION, "en", { location: LACHIN, kind: "Other" }));
  const audit = new File(["event,node,start,end\nform start,,1,\n"], "audit.csv", { type: "text/csv" });
  const film = new File([new Uint8Array(2000)], "VID_1.mp4", { type: "video/mp4" });
  const all = { ...finished, files: [audit, film] };
  const told = [{ status: 201, message: "Received; kept for 90 days, and not shown: audit.csv, VID_1.mp4" }];
  assert.deepEqual([await phone.send(all), await phone.send(all)], [told, told]);
  assert.equal((await said(finished.id, ["photos"])).photos, null);
});
