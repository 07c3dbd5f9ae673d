/** Submissions arrive exactly as filled in: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Collect } from "./collect.ts";
import { nameOf, type Answers, type Filling } from "./form.ts";
import { ACCIDENT, DETECTION, NEUTRALISATION, RECEIVED, hashOf, photo, record, said, team } from "./team.ts";

const SEED = 20_261_123;
const DETECTIONS = 160;
/** Questions about the place; those about a place away from the phone are in `detection.test.ts`. */
const PLACE = ["fix", "location", "location_on_map", "start_location", "bearing_north", "bearing", "distance_m"];
const LETTERS = Array.from("aZ0 .,;:'\"<>&%{}\\/-_=+əğıŞÜöжЁъ«№💥\t\n");

/** Integers from 0 to a bound, the same in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const below = numbers(SEED);

function one<T>(of: readonly T[]): T {
  const chosen = of[below(of.length)];
  if (chosen === undefined) throw new Error("there is nothing to choose from");
  return chosen;
}

function text(most: number): string {
  return Array.from({ length: 1 + below(most) }, () => one(LETTERS)).join("").trim();
}

function day(from: string, n_days: number): string {
  return new Date(Date.parse(from) + below(n_days) * 86_400_000).toISOString().slice(0, 10);
}

/** Each of these in every second form. */
function some(answers: Record<string, () => string | File>): Answers {
  return Object.fromEntries(Object.entries(answers).flatMap(([name, answer]) => (below(2) === 0 ? [] : [[name, answer()]])));
}

/** The choices: label and value. */
function choice(filling: Filling, name: string): { reads: string; value: string } {
  const question = filling.question(name);
  if (question.nodeType !== "select") throw new Error(`${name} is no choice`);
  const { label, value } = one(question.currentState.valueOptions);
  return { reads: label.asString, value };
}

async function photosOf(files: readonly File[]): Promise<string[] | null> {
  return files.length === 0 ? null : Promise.all(files.map(hashOf));
}

/** Sends and compares a detection. Returns its id, its day, and the resulting record. */
async function detect(phone: Collect, nth: number): Promise<{ id: string; on: string; note: string; photos: string[] | null }> {
  const filling = await phone.fillIn(DETECTION, one(["en", "az", "ru"]), {});
  const kind = choice(filling, "kind");
  const [lat, lon] = [39.69 + below(20_000) / 1e6, 46.29 + below(10_000) / 1e6];
  const accuracy_m = below(3) === 0 ? null : 1 + below(300) / 10;
  const on = day("1995-01-01", 10_000);
  const quantity = 1 + below(one([5, 100_000]));
  const rest = some({
    model: () => text(60),
    operator: () => text(60),
    team: () => text(60),
    note: () => text(400),
    depth_cm: () => String(below(10_001)),
    photo: () => photo(16, `${nth}.png`),
  });
  const location = accuracy_m === null ? `${lat} ${lon}` : `${lat} ${lon} ${below(2000)} ${accuracy_m}`;
  const finished = await phone.finish(filling.fillIn({ location, kind: kind.reads, quantity: String(quantity), detected_on: on, ...rest }));
  const sent = `detection ${nth} of seed ${SEED}: ${finished.text}`;
  assert.deepEqual(await phone.send(finished), [RECEIVED], sent);
  const photos = await photosOf(finished.files);
  const texts = Object.fromEntries(["model", "operator", "team", "note"].map((name) => [name, rest[name] ?? null]));
  const expected = { ...texts, kind: kind.value, quantity, detected_on: on, accuracy_m, photos, depth_cm: rest.depth_cm === undefined ? null : Number(rest.depth_cm), status: "detected" };
  assert.deepEqual(await said(finished.id, Object.keys(expected)), expected, sent);
  const { geometry } = await record(finished.id);
  for (const [axis, degrees] of [lon, lat].entries()) assert.ok(Math.abs((geometry.coordinates[axis] ?? 0) - degrees) < 1e-7, sent);
  return { id: finished.id, on, note: typeof rest.note === "string" ? rest.note : "", photos };
}

/** Neutralises the found items and compares the result. */
async function deal(phone: Collect, { id, on, note, photos }: Awaited<ReturnType<typeof detect>>): Promise<void> {
  const filling = await phone.fillIn(NEUTRALISATION, one(["en", "az", "ru"]), {});
  const disposal = choice(filling, "disposal");
  const neutralised_on = day(on, 1000);
  const rest = some({ note: () => text(400), photo: () => photo(16, "after.png") });
  const finished = await phone.finish(filling.fillIn({ detection: id, neutralised_on, disposal: disposal.reads, ...rest }));
  const sent = `neutralisation of seed ${SEED}: ${finished.text}`;
  assert.deepEqual(await phone.send(finished), [RECEIVED], sent);
  const added = typeof rest.note === "string" ? rest.note : "";
  const notes = [note, added].filter((each) => each !== "").join("\n");
  const expected = { status: "neutralised", neutralised_on, disposal: disposal.value, note: notes === "" ? null : notes, photos: [...(photos ?? []), ...((await photosOf(finished.files)) ?? [])] };
  assert.deepEqual({ ...(await said(id, Object.keys(expected))), photos: (await record(id)).properties.photos ?? [] }, expected, sent);
}

test("two hundred forms filled in at random arrive as they were filled in", { timeout: 300_000 }, async () => {
  const phone = await team();
  // Those about accidents are in `accident.test.ts`.
  assert.ok(phone.forms.every((form) => [DETECTION, NEUTRALISATION, ACCIDENT].includes(form)));
  const questions = (await phone.fillIn(DETECTION, "en", {})).questions.map(nameOf);
  assert.deepEqual(questions, [...PLACE, "kind", "model", "quantity", "depth_cm", "detected_on", "operator", "team", "note", "photo"], "each of them is answered below");
  for (let nth = 0; nth < DETECTIONS; nth++) {
    const found = await detect(phone, nth);
    if (nth % 4 !== 0) continue;
    await phone.refresh();
    await deal(phone, found);
  }
});
