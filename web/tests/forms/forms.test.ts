/** What the forms for ODK Collect say and refuse, in ODK's own engine: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf } from "./form.ts";
import { DETECTION, LACHIN, NEUTRALISATION, detected, said, submit, team } from "./team.ts";

const LANGUAGES = ["en", "az", "ru"] as const;

test("every question and choice can be read in English, Azerbaijani and Russian", async () => {
  const phone = await team();
  assert.deepEqual(phone.forms, [DETECTION, NEUTRALISATION]);
  for (const form of phone.forms) {
    const texts: string[][] = [];
    for (const language of LANGUAGES) {
      const { questions } = await phone.fillIn(form, language, {});
      // What the detections of the list are called is the same in every language.
      const options = (name: string, given: readonly { label: { asString: string } }[] | null) => (name === "detection" ? [] : (given ?? []));
      texts.push(questions.flatMap((question) => [question.currentState.label?.asString ?? "", ...options(nameOf(question), question.currentState.valueOptions).map(({ label }) => label.asString)]));
    }
    const [en = [], az = [], ru = []] = texts;
    assert.ok(en.length >= 12 && en.length === az.length && en.length === ru.length);
    assert.ok(texts.flat().every((text) => text.trim() !== ""));
    const same = en.filter((text, nth) => text === az[nth] || text === ru[nth]);
    assert.deepEqual(same, form === DETECTION ? ["Model"] : [], "these are not translated");
  }
});

test("the form asks for what is missing", async () => {
  const phone = await team();
  const empty = await phone.fillIn(DETECTION, "en", { quantity: "", detected_on: "" });
  const missing = ["location", "kind", "quantity", "detected_on"];
  for (const question of empty.questions) assert.equal(empty.complaint(nameOf(question)), missing.includes(nameOf(question)) ? "required" : null);
  await assert.rejects(empty.finished(), /cannot be finished: .*location.*kind.*quantity.*detected_on/);
  const dealt = await phone.fillIn(NEUTRALISATION, "en", { neutralised_on: "" });
  for (const name of ["detection", "neutralised_on", "disposal"]) assert.equal(dealt.complaint(name), "required", name);
});

test("the form tells in each language what cannot be", async () => {
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
    [DETECTION, "model", "м".repeat(121), most(120)],
    [DETECTION, "operator", "м".repeat(121), most(120)],
    [DETECTION, "team", "м".repeat(121), most(120)],
    [DETECTION, "note", "м".repeat(4001), most(4000)],
    [NEUTRALISATION, "neutralised_on", after_tomorrow, future],
    [NEUTRALISATION, "note", "м".repeat(4001), most(4000)],
  ];
  for (const [nth, language] of LANGUAGES.entries()) {
    for (const [form, question, answer, told] of wrong) {
      const filling = await phone.fillIn(form, language, { [question]: answer });
      assert.equal(filling.complaint(question), told[nth], `${question} ${answer.slice(0, 10)} in ${language}`);
    }
  }
});

test("what the form lets through at its limits is a record", async () => {
  const phone = await team();
  const longest = { model: "м".repeat(120), operator: "ə".repeat(120), team: "ı".repeat(120), note: "ж".repeat(4000) };
  for (const [quantity, depth_cm] of [["1", "0"], ["100000", "10000"]] as const) {
    const id = await detected(phone, { ...longest, quantity, depth_cm });
    const names = [...Object.keys(longest), "quantity", "depth_cm"];
    assert.deepEqual(await said(id, names), { ...longest, quantity: Number(quantity), depth_cm: Number(depth_cm) });
  }
});

test("what is filled in already stays, and what is not asked for is not said", async () => {
  const phone = await team();
  const filling = await phone.fillIn(DETECTION, "en", { location: LACHIN.split(" ").slice(0, 2).join(" "), kind: "Fuze" });
  const today = String(filling.question("detected_on").currentState.value);
  const finished = await phone.finish(filling);
  await phone.send(finished);
  const blank = { model: null, depth_cm: null, operator: null, team: null, note: null, accuracy_m: null, fix: null };
  assert.deepEqual(await said(finished.id, [...Object.keys(blank), "quantity", "detected_on"]), { ...blank, quantity: 1, detected_on: today });
});

test("what is typed around an answer is no part of it", async () => {
  const { id } = await submit(await team(), DETECTION, { location: LACHIN, kind: "Other", team: "  Team 7 ", note: "\n one\n\n two \n" });
  assert.deepEqual(await said(id, ["team", "note"]), { team: "Team 7", note: "one\n\n two" });
});
