/** Accidents from ODK's own engine become the records they describe: CLEARLINE_URL, CLEARLINE_TOKEN of an administrator. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { FIELDS, GROUPS, WORD_TITLES } from "../../src/collections/accidents/fields.ts";
import { az } from "../../src/shared/text/az.ts";
import { en } from "../../src/shared/text/en.ts";
import { ru } from "../../src/shared/text/ru.ts";
import type { Collect, Finished, Told } from "./collect.ts";
import { nameOf, type Answers, type Filling, type Question } from "./form.ts";
import { ACCIDENT, LACHIN, RECEIVED, record, said, statuses, team } from "./team.ts";

const LANGUAGES = ["en", "az", "ru"] as const;
type Titles = Readonly<Record<(typeof LANGUAGES)[number], string>>;

const NEEDED = { location: LACHIN, class: "Mine", occurred_on: "2023-03-14" };

async function send(phone: Collect, answers: Answers, victims: readonly Answers[] | null, language = "en"): Promise<Finished & { told: Told[] }> {
  const filling = await phone.fillIn(ACCIDENT, language, answers);
  if (victims !== null) filling.fillRows("victims", victims);
  const finished = await phone.finish(filling);
  return { ...finished, told: await phone.send(finished) };
}

function labelOf(question: Question): string {
  return question.currentState.label?.asString ?? "";
}

function choicesOf(filling: Filling, name: string): Record<string, string> {
  const question = filling.question(name);
  if (question.nodeType !== "select") throw new Error(`${name} is no choice`);
  return Object.fromEntries(question.currentState.valueOptions.map(({ value, label }) => [value, label.asString]));
}

/** The words of a vocabulary in a language. */
function wordsOf(titles: Readonly<Record<string, Titles>>, language: (typeof LANGUAGES)[number]): Record<string, string> {
  return Object.fromEntries(Object.entries(titles).map(([word, title]) => [word, title[language]]));
}

test("questions and choices have the page's titles, in each language", async () => {
  const phone = await team();
  for (const language of LANGUAGES) {
    const filling = await phone.fillIn(ACCIDENT, language, {});
    const titles = new Map<string, Titles>([...FIELDS, ...GROUPS.victims.fields].map(({ name, titles }) => [name, titles]));
    const [first, last] = ["class", "injured"].map((name) => filling.questions.findIndex((question) => nameOf(question) === name));
    const asked = filling.questions.slice(first, (last ?? 0) + 1).filter((question) => nameOf(question) !== "victims_known");
    assert.equal(asked.length, 16);
    for (const question of asked) assert.equal(labelOf(question), titles.get(nameOf(question))?.[language], nameOf(question));
    const { class: classes, area_marked, set_off } = WORD_TITLES;
    for (const [name, words] of Object.entries({ class: classes, area_marked, set_off, ...GROUPS.victims.titles })) {
      assert.deepEqual(choicesOf(filling, name), wordsOf(words, language), name);
    }
    assert.deepEqual(choicesOf(filling, "device"), { en, az, ru }[language].kinds);
  }
});

test("an accident is the record that was filled in, in each language", async () => {
  const phone = await team();
  const filled = {
    en: [{ class: "Mine", device: "Anti-vehicle mine", area_marked: "No", set_off: "Driven over", victims_known: "Yes" }, { outcome: "Killed", sex: "Male", status: "Deminer" }, { outcome: "Injured" }],
    az: [{ class: "Mina", device: "Tank əleyhinə mina", area_marked: "Xeyr", set_off: "Üzərindən keçilib", victims_known: "Bəli" }, { outcome: "Həlak olub", sex: "Kişi", status: "Minaaxtaran" }, { outcome: "Yaralanıb" }],
    ru: [{ class: "Мина", device: "Противотанковая мина", area_marked: "Нет", set_off: "Наехали", victims_known: "Да" }, { outcome: "Погиб", sex: "Мужской", status: "Сапёр" }, { outcome: "Ранен" }],
  } satisfies Record<string, [Answers, ...Answers[]]>;
  for (const [language, [answers, ...victims]] of Object.entries(filled)) {
    const plain = { occurred_on: "2023-03-14", model: "TM-62M", operator: "ANAMA", team: "Qrup 7", note: "Yolda <b>&\"'\nна дороге" };
    const { id, told } = await send(phone, { location: LACHIN, ...plain, time: "14:30:00.000+04:00", ...answers }, victims, language);
    assert.deepEqual(told, [RECEIVED]);
    assert.deepEqual((await record(id, "accidents")).geometry.coordinates.slice(0, 2), [46.296, 39.7011]);
    const expected = {
      ...plain, class: "mine", device: "av_mine", area_marked: "no", set_off: "driven_over", time: "14:30", killed: 1, injured: 1, accuracy_m: 4.2, fix: "gnss",
      victims: [{ outcome: "killed", sex: "male", status: "deminer" }, { outcome: "injured" }],
    };
    assert.deepEqual(await said(id, Object.keys(expected), "accidents"), expected);
    const asked = { collection: null, victims_known: null };
    assert.deepEqual(await said(id, Object.keys(asked), "accidents"), asked, "these only steer the form");
  }
});

test("an accident has no victim, one or three, or only their numbers", async () => {
  const phone = await team();
  const counts = ["killed", "injured", "victims"];
  for (const n of [0, 1, 3]) {
    const victims = Array.from({ length: n }, () => ({ outcome: "Injured", touched: "Yes" }));
    const { id, told } = await send(phone, { ...NEEDED, victims_known: "Yes" }, victims);
    assert.deepEqual(told, [RECEIVED]);
    const expected = n === 0 ? { killed: null, injured: null, victims: null } : { killed: 0, injured: n, victims: victims.map(() => ({ outcome: "injured", touched: "yes" })) };
    assert.deepEqual(await said(id, counts, "accidents"), expected);
  }
  const counted = await send(phone, { ...NEEDED, victims_known: "No", killed: "0", injured: "2" }, null);
  assert.deepEqual(await said(counted.id, counts, "accidents"), { killed: 0, injured: 2, victims: null });
});

test("victims are either described or counted", async () => {
  const phone = await team();
  const asked = (filling: Filling) => ["outcome", "killed", "injured"].filter((name) => filling.question(name).currentState.relevant);
  assert.deepEqual(asked(await phone.fillIn(ACCIDENT, "en", {})), []);
  assert.deepEqual(asked(await phone.fillIn(ACCIDENT, "en", { victims_known: "Yes" })), ["outcome"]);
  assert.deepEqual(asked(await phone.fillIn(ACCIDENT, "en", { victims_known: "No" })), ["killed", "injured"]);
});

test("the form asks for what is missing and refuses what cannot be, in each language", async () => {
  const phone = await team();
  const empty = await phone.fillIn(ACCIDENT, "en", { occurred_on: "", victims_known: "Yes" });
  for (const name of ["location", "class", "occurred_on", "outcome"]) assert.equal(empty.complaint(name), "required", name);
  await assert.rejects(empty.finished(), /cannot be finished: .*location.*class.*occurred_on.*outcome/);
  assert.equal((await phone.fillIn(ACCIDENT, "en", {})).complaint("victims_known"), "required");
  const after_tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const most = (n: number): string[] => [`At most ${n} characters`, `Ən çoxu ${n} simvol`, `Не более ${n} знаков`];
  const wrong: [question: string, answer: string, told: string[]][] = [
    ["occurred_on", after_tomorrow, ["It lies in the future", "Tarix gələcəkdədir", "Дата в будущем"]],
    ["model", "м".repeat(121), most(120)],
    ["note", "м".repeat(4001), most(4000)],
    ["killed", "-1", Array<string>(3).fill("0..100000")],
    ["injured", "100001", Array<string>(3).fill("0..100000")],
  ];
  for (const [nth, language] of LANGUAGES.entries()) {
    for (const [question, answer, told] of wrong) {
      const filling = await phone.fillIn(ACCIDENT, language, { victims_known: WORD_TITLES.area_marked.no[language], [question]: answer });
      assert.equal(filling.complaint(question), told[nth], `${question} in ${language}`);
    }
  }
});

test("nothing in the form asks who a victim is, and it says so", async () => {
  const phone = await team();
  const filling = await phone.fillIn(ACCIDENT, "en", {});
  assert.ok(filling.questions.every((question) => !/name|birth|phone|address/.test(nameOf(question)) && question.nodeType !== "upload"));
  for (const name of ["victims_known", "note"]) assert.match(filling.question(name).currentState.hint?.asString ?? "", /^Never write names/);
});

test("a sent accident can be corrected on the phone repeatedly, and remains one record", async () => {
  const phone = await team();
  const first = await send(phone, { ...NEEDED, victims_known: "No", injured: "1" }, null);
  const second = phone.correct(first, { injured: "2" });
  assert.deepEqual(await phone.send(second), [RECEIVED]);
  assert.deepEqual(await phone.send(phone.correct(second, { injured: "3" })), [RECEIVED]);
  assert.deepEqual(await said(first.id, ["injured"], "accidents"), { injured: 3 });
  const elsewhere = await send(phone, { ...NEEDED, location: "40.1063 46.0412", victims_known: "No" }, null);
  assert.deepEqual(statuses(elsewhere.told), [202], "outside the team's districts a manager decides");
});
