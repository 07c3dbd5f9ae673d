/** Our two forms, filled in with ODK's own engine and sent as Collect sends them, become the records that they describe. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { KINDS } from "../../src/api/types.ts";
import { open, type Filling } from "./engine.ts";
import { Phone, idOf, read, record, sha256 } from "./phone.ts";

const DETECTION = "clearline_detection";
const NEUTRALISATION = "clearline_neutralisation";
/** All of a submission in one post. */
const AT_ONCE = 10_000_000;
const today = new Date().toISOString().slice(0, 10);

const phone = new Phone("Team 7", "AZ-LAC");
const colleague = new Phone("Team 8", "AZ-LAC");

/** The same numbers in each run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A photo: a PNG of one grey pixel, each number another, of about so many bytes. */
function photo(n: number, bytes = 0): File {
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const size = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0);
  const text = Buffer.concat([Buffer.from(`Comment\0${n}`), Buffer.alloc(bytes, "x")]);
  const parts = [Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), chunk("IHDR", size), chunk("tEXt", text), chunk("IDAT", deflateSync(Uint8Array.of(0, n % 256))), chunk("IEND", new Uint8Array())];
  return new File([Buffer.concat(parts)], `${n}.png`, { type: "image/png" });
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

async function hashOf(file: File): Promise<string> {
  return sha256(new Uint8Array(await file.arrayBuffer()));
}

/** A detection with what has to be answered. */
async function begun(kind = "ap_mine"): Promise<Filling> {
  const form = await phone.form(DETECTION);
  const filling = await open(form.xml, form.media);
  filling.answer("location", { latitude: 39.7011, longitude: 46.296, altitude: 1203.5, accuracy: 4.2 });
  filling.answer("kind", kind);
  return filling;
}

/** Sends a detection that is found by a phone, and gives its id. */
async function sent(filling: Filling): Promise<string> {
  const posts = await filling.posts(AT_ONCE);
  assert.deepEqual(await phone.send(posts), [201]);
  return idOf(posts);
}

test("both forms are listed with all that Collect needs, and load in three languages", async () => {
  const list = await phone.formList();
  assert.deepEqual([...list.keys()].sort(), [DETECTION, NEUTRALISATION]);
  for (const id of list.keys()) {
    const form = await phone.form(id);
    const filling = await open(form.xml, form.media);
    assert.equal(filling.languages.length, 3);
    const seen = filling.languages.map((language) => {
      filling.speak(language);
      const labels = filling.questions.map((name) => filling.label(name));
      assert.ok(labels.every((label) => label.length > 0 && !label.includes("itext")), labels.join());
      return labels.join();
    });
    assert.equal(new Set(seen).size, 3, "each language says it in its own words");
  }
  const filling = await begun();
  assert.deepEqual(filling.choices("kind").map(([value]) => value), [...KINDS]);
});

test("a form holds back what cannot stand", async () => {
  const form = await phone.form(DETECTION);
  const filling = await open(form.xml, form.media);
  for (const name of ["location", "kind"]) assert.equal(filling.complaint(name), "required", name);
  await assert.rejects(filling.posts(AT_ONCE), /pending/);
  for (const [name, bad, good] of [["quantity", 0n, 100_000n], ["quantity", 100_001n, 1n], ["depth_cm", -1n, 0n], ["detected_on", "2999-01-01", today]] as const) {
    filling.answer(name, bad);
    assert.ok(filling.complaint(name) !== null, `${name} ${bad}`);
    filling.answer(name, good);
    assert.equal(filling.complaint(name), null, `${name} ${good}`);
  }
});

test("a detection becomes the record that it describes, with its photo", async () => {
  const filling = await begun("av_mine");
  const picture = photo(1);
  const answers = { model: "TM-62M", quantity: 3n, depth_cm: 12n, detected_on: "2024-02-29", operator: "ANAMA", team: "Dəstə 7", note: "<b> & \"qeyd\"\nвторая строка", photo: picture } as const;
  for (const [name, answer] of Object.entries(answers)) filling.answer(name, answer);
  const { geometry, properties } = await record(await sent(filling));
  assert.deepEqual(geometry.coordinates, [46.296, 39.7011]);
  const expected = { kind: "av_mine", model: "TM-62M", quantity: 3, depth_cm: 12, detected_on: "2024-02-29", operator: "ANAMA", team: "Dəstə 7", note: answers.note, accuracy_m: 4.2, fix: "gnss", status: "detected", review: "submitted", region: "AZ-LAC" };
  for (const [name, value] of Object.entries(expected)) assert.equal(properties[name], value, name);
  assert.deepEqual(properties.photos, [await hashOf(picture)]);
  const shown = await read<Uint8Array>(`/photos/${await hashOf(picture)}`);
  assert.ok(shown.length > 50, "a reader gets the picture");
});

test("what is not answered stays empty, and the day is today", async () => {
  const { properties } = await record(await sent(await begun("uxo")));
  for (const name of ["model", "depth_cm", "operator", "team", "note"]) assert.equal(properties[name] ?? null, null, name);
  assert.deepEqual([properties.detected_on, properties.quantity, properties.photos ?? []], [today, 1, []]);
});

test("a submission in two posts is one record, also when they come again or the wrong way round", async () => {
  const picture = photo(2, 50_000);
  const filling = await begun("ied");
  filling.answer("photo", picture);
  const whole = await filling.posts(AT_ONCE);
  const [first] = whole;
  assert.ok(first !== undefined);
  // As Collect does it: the answers with each post, the photo with one of them.
  const bare = new FormData();
  for (const [name, file] of first.entries()) if (name === "xml_submission_file") bare.append(name, file);
  assert.deepEqual(await phone.send([bare, first]), [201, 201]);
  const id = await idOf(whole);
  const before = await record(id);
  assert.deepEqual(before.properties.photos, [await hashOf(picture)]);
  assert.deepEqual(await phone.send([first, bare]), [201, 201]);
  assert.deepEqual(await phone.send(whole), [201]);
  assert.deepEqual(await record(id), before);
});

test("a detection of the list is neutralised, also by a colleague, and what was known too late is set aside", async () => {
  const id = await sent(await begun("submunition"));
  const known = (await record(id)).properties.revision;
  // Both fetch the list, and lose the network.
  const fillings = await Promise.all(
    [colleague, phone].map(async (each) => {
      const form = await each.form(NEUTRALISATION);
      assert.ok(form.media.get("detections.csv")?.includes(id));
      return open(form.xml, form.media);
    }),
  );
  const [theirs, mine] = fillings;
  assert.ok(theirs !== undefined && mine !== undefined);
  assert.ok(theirs.choices("detection").some(([value, label]) => value === id && label.startsWith("submunition")));
  const picture = photo(3);
  for (const [name, answer] of Object.entries({ detection: id, neutralised_on: today, disposal: "burned", note: "in the evening", photo: picture })) theirs.answer(name, answer);
  for (const [name, answer] of Object.entries({ detection: id, neutralised_on: today, disposal: "removed" })) mine.answer(name, answer);
  assert.deepEqual(await colleague.send(await theirs.posts(AT_ONCE)), [201]);
  const done = await record(id);
  const expected = { status: "neutralised", neutralised_on: today, disposal: "burned", note: "in the evening", kind: "submunition" };
  for (const [name, value] of Object.entries(expected)) assert.equal(done.properties[name], value, name);
  assert.deepEqual(done.properties.photos, [await hashOf(picture)]);
  assert.equal(done.properties.revision > known, true);
  assert.deepEqual(await phone.send(await mine.posts(AT_ONCE)), [202]);
  assert.deepEqual(await record(id), done);
  const { records } = await read<{ records: { why: string; feature: { id: string } }[] }>("/held?limit=100");
  assert.deepEqual(records.filter(({ feature }) => feature.id === id).map(({ why }) => why), ["conflict"]);
  const later = await phone.form(NEUTRALISATION);
  assert.ok(later.media.get("detections.csv")?.includes(id) === false, "it waits no more");
});

test("two hundred forms filled in at random all arrive as they were filled in", async () => {
  const below = seeded(11);
  const { xml, media } = await phone.form(DETECTION);
  const texts = ["", "PMN-2", "Əliağa ƏĞÖÇŞİÜ", "  two  words ", "линия\nдве", "a < b & c > d", "]]>", "'\"", "🧨"];
  const text = (): string => texts[below(texts.length)] ?? "";
  for (let n = 0; n < 200; n++) {
    const filling = await open(xml, media);
    const accuracy = below(1_000) / 10;
    const [longitude, latitude] = [46.28 + below(30_000) / 1e6, 39.69 + below(20_000) / 1e6];
    const kind = KINDS[below(KINDS.length)] ?? "other";
    const quantity = 1 + below(100_000);
    const given: Record<string, string> = { model: text(), operator: text(), team: text(), note: text() };
    filling.answer("location", { latitude, longitude, altitude: null, accuracy });
    filling.answer("kind", kind);
    filling.answer("quantity", BigInt(quantity));
    for (const [name, value] of Object.entries(given)) filling.answer(name, value);
    const pictures = below(4) === 0 ? [photo(1_000 + n)] : [];
    for (const picture of pictures) filling.answer("photo", picture);
    const posts = await filling.posts(AT_ONCE);
    assert.deepEqual(await phone.send(posts), [201], JSON.stringify(given));
    const { geometry, properties } = await record(await idOf(posts));
    assert.deepEqual(geometry.coordinates, [longitude, latitude].map((degrees) => Number(degrees.toFixed(7))));
    assert.deepEqual([properties.kind, properties.quantity, properties.accuracy_m], [kind, quantity, accuracy]);
    for (const [name, value] of Object.entries(given)) assert.equal(properties[name] ?? "", value.trim(), name);
    assert.deepEqual(properties.photos ?? [], await Promise.all(pictures.map(hashOf)));
  }
});
