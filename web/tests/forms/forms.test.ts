/** Texts and rules of the forms for ODK Collect, in ODK's own engine: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { az } from "../../src/shared/text/az.ts";
import { en } from "../../src/shared/text/en.ts";
import { ru } from "../../src/shared/text/ru.ts";
import { nameOf } from "./form.ts";
import { ACCIDENT, DETECTION, LACHIN, NEUTRALISATION, detected, said, submit, team } from "./team.ts";

const LANGUAGES = ["en", "az", "ru"] as const;

test("every question and choice can be read in English, Azerbaijani and Russian", async () => {
  const phone = await team();
  assert.deepEqual(phone.forms, [DETECTION, NEUTRALISATION, ACCIDENT]);
  for (const form of phone.forms) {
    const texts: string[][] = [];
    for (const language of LANGUAGES) {
      const { questions } = await phone.fillIn(form, language, {});
      // The detections of the list have the same labels in every language.
      const options = (name: string, given: readonly { label: { asString: string } }[] | null) => (["detection", "on_map"].includes(name) ? [] : (given ?? []));
      texts.push(questions.flatMap((question) => [question.currentState.label?.asString ?? "", ...options(nameOf(question), question.currentState.valueOptions).map(({ label }) => label.asString)]));
    }
    const [en = [], az = [], ru = []] = texts;
    assert.ok(en.length >= 12 && en.length === az.length && en.length === ru.length);
    assert.ok(texts.flat().every((text) => text.trim() !== ""));
    const same = en.filter((text, nth) => text === az[nth] || text === ru[nth]);
    // Azerbaijani has the same words for these.
    const known = ["Model", "Status", "Operator"];
    assert.deepEqual(same, known.filter((text) => en.includes(text)), "these are not translated");
  }
});

test("kinds, statuses, disposals and positioning methods have the page's titles", async () => {
  const phone = await team();
  for (const [nth, page] of [en, az, ru].entries()) {
    const language = LANGUAGES[nth] ?? "";
    const choices = async (form: string, name: string): Promise<Record<string, string>> => {
      const question = (await phone.fillIn(form, language, {})).question(name);
      if (question.nodeType !== "select") throw new Error(`${name} is no choice`);
      return Object.fromEntries(question.currentState.valueOptions.map(({ value, label }) => [value, label.asString]));
    };
    assert.deepEqual(await choices(DETECTION, "kind"), page.kinds);
    const { neutralised, discounted } = page.statuses;
    assert.deepEqual(await choices(NEUTRALISATION, "status"), { neutralised, discounted });
    assert.deepEqual(await choices(NEUTRALISATION, "disposal"), page.access.disposals);
    const { gnss, gnss_corrected, map, bearing_distance } = page.access.fixes;
    assert.deepEqual(await choices(DETECTION, "fix"), { gnss, gnss_corrected, map, bearing_distance });
  }
});

test("the form asks for what is missing", async () => {
  const phone = await team();
  const empty = await phone.fillIn(DETECTION, "en", { quantity: "", detected_on: "" });
  const missing = ["location", "kind", "quantity", "detected_on"];
  const asked = empty.questions.filter(({ currentState }) => currentState.relevant);
  for (const question of asked) assert.equal(empty.complaint(nameOf(question)), missing.includes(nameOf(question)) ? "required" : null);
  await assert.rejects(empty.finished(), /cannot be finished: .*location.*kind.*quantity.*detected_on/);
  const dealt = await phone.fillIn(NEUTRALISATION, "en", { neutralised_on: "" });
  for (const name of ["detection", "neutralised_on", "disposal"]) assert.equal(dealt.complaint(name), "required", name);
  const away = await phone.fillIn(DETECTION, "en", { fix: "Bearing and distance" });
  for (const name of ["start_location", "bearing", "distance_m"]) assert.equal(away.complaint(name), "required", name);
  const discounted = await phone.fillIn(NEUTRALISATION, "en", { status: "Discounted" });
  assert.equal(discounted.complaint("note"), "required", "what was there");
});

test("a position that is not good enough, or in another country, is refused where it is taken", async () => {
  const phone = await team();
  const measured = [
    "It must lie in Azerbaijan and be known to 50 m. Wait under open sky, or state the place on the map or by bearing and distance",
    "Azərbaycanda olmalı və 50 m dəqiqliklə bilinməlidir. Açıq səma altında gözləyin, yaxud yeri xəritədə və ya azimut və məsafə ilə göstərin",
    "Место должно быть в Азербайджане и известно с точностью до 50 м. Подождите под открытым небом или укажите место на карте либо азимутом и расстоянием",
  ];
  const onMap = ["It must lie in Azerbaijan", "Azərbaycanda olmalıdır", "Место должно быть в Азербайджане"];
  for (const [nth, language] of LANGUAGES.entries()) {
    const { fixes } = [en, az, ru][nth]?.access ?? en.access;
    const complaint = async (fix: string, name: string, at: string): Promise<string | null> => (await phone.fillIn(DETECTION, language, { fix, [name]: at })).complaint(name);
    for (const bad of ["39.7011 46.296 10 50.5", "0.0001 0 0 4", "46.296 39.7011 0 4", "41.7 44.6 0 4"]) {
      assert.equal(await complaint(fixes.gnss, "location", bad), measured[nth], bad);
      assert.equal(await complaint(fixes.bearing_distance, "start_location", bad), measured[nth], bad);
    }
    for (const good of ["39.7011 46.296 10 50", "39.7011 46.296 0 0", "39.7011 46.296"]) assert.equal(await complaint(fixes.gnss, "location", good), null, good);
    assert.equal(await complaint(fixes.map, "location_on_map", "0.0001 0 0 0"), onMap[nth]);
    assert.equal(await complaint(fixes.map, "location_on_map", LACHIN), null);
  }
});

test("the form reports invalid answers in each language", async () => {
  const phone = await team();
  const after_tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const future = ["It lies in the future", "Tarix gələcəkdədir", "Дата в будущем"];
  const most = (n: number): string[] => [`At most ${n} characters`, `Ən çoxu ${n} simvol`, `Не более ${n} знаков`];
  const wrong: [form: string, question: string, answer: string, told: string[]][] = [
    [DETECTION, "quantity", "0", Array<string>(3).fill("1..100000")],
    [DETECTION, "quantity", "100001", Array<string>(3).fill("1..100000")],
    [DETECTION, "depth_cm", "-1", Array<string>(3).fill("0..10000")],
    [DETECTION, "depth_cm", "10001", Array<string>(3).fill("0..10000")],
    [DETECTION, "detected_on", after_tomorrow, future],
    [DETECTION, "bearing", "361", Array<string>(3).fill("0..360")],
    [DETECTION, "distance_m", "5001", Array<string>(3).fill("1..5000")],
    [DETECTION, "model", "м".repeat(121), most(120)],
    [DETECTION, "operator", "м".repeat(121), most(120)],
    [DETECTION, "team", "м".repeat(121), most(120)],
    [DETECTION, "note", "м".repeat(4001), most(4000)],
    [NEUTRALISATION, "neutralised_on", after_tomorrow, future],
    [NEUTRALISATION, "note", "м".repeat(4001), most(4000)],
  ];
  for (const [nth, language] of LANGUAGES.entries()) {
    const fix = [en, az, ru][nth]?.access.fixes.bearing_distance ?? "";
    for (const [form, question, answer, told] of wrong) {
      const filling = await phone.fillIn(form, language, { ...(form === DETECTION ? { fix } : {}), [question]: answer });
      assert.equal(filling.complaint(question), told[nth], `${question} ${answer.slice(0, 10)} in ${language}`);
    }
  }
});

test("answers at the form's limits become a record", async () => {
  const phone = await team();
  const longest = { model: "м".repeat(120), operator: "ə".repeat(120), team: "ı".repeat(120), note: "ж".repeat(4000) };
  for (const [quantity, depth_cm] of [["1", "0"], ["100000", "10000"]] as const) {
    const id = await detected(phone, { ...longest, quantity, depth_cm });
    const names = [...Object.keys(longest), "quantity", "depth_cm"];
    assert.deepEqual(await said(id, names), { ...longest, quantity: Number(quantity), depth_cm: Number(depth_cm) });
  }
});

test("prefilled answers stay, and unasked questions are not submitted", async () => {
  const phone = await team();
  const filling = await phone.fillIn(DETECTION, "en", { location: LACHIN.split(" ").slice(0, 2).join(" "), kind: "Fuze" });
  const today = String(filling.question("detected_on").currentState.value);
  const finished = await phone.finish(filling);
  await phone.send(finished);
  const blank = { model: null, depth_cm: null, operator: null, team: null, note: null, accuracy_m: null };
  assert.deepEqual(await said(finished.id, [...Object.keys(blank), "fix", "quantity", "detected_on"]), { ...blank, fix: "gnss", quantity: 1, detected_on: today });
});

test("whitespace around an answer is removed", async () => {
  const { id } = await submit(await team(), DETECTION, { location: LACHIN, kind: "Other", team: "  Team 7 ", note: "\n one\n\n two \n" });
  assert.deepEqual(await said(id, ["team", "note"]), { team: "Team 7", note: "one\n\n two" });
});
