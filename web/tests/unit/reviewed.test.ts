import { expect, test } from "vitest";

import { REVIEWED } from "../../src/collections/reviewed.ts";
import { paired } from "../../src/collections/rows.ts";
import type { RecordFeature } from "../../src/collections/values.ts";
import { riskText } from "../../src/review/words.ts";
import { COLLECTIONS } from "../../src/shared/api/types.ts";
import { LANGUAGES, speak, type Lang } from "../../src/shared/text/index.ts";

const en = speak("en");
const ALL = Object.keys(LANGUAGES) as Lang[];
const [killed, injured, child] = [{ outcome: "killed", sex: "male" }, { outcome: "injured" }, { outcome: "injured", age_group: "child" }];

function record(properties: object): RecordFeature {
  return { geometry: { coordinates: [46.3, 39.7] }, properties };
}

test("equal rows pair wherever they are, the others with the most similar", () => {
  expect(paired([killed, injured], [injured, killed])).toEqual([{ before: injured, after: injured }, { before: killed, after: killed }]);
  const girl = { ...child, sex: "female" };
  expect(paired([killed, child, injured], [girl, { ...killed, outcome: "injured" }])).toEqual([
    { before: child, after: girl },
    { before: killed, after: { ...killed, outcome: "injured" } },
    { before: injured, after: null },
  ]);
});

test("an added row has no earlier one, and a removed row is last", () => {
  expect(paired([killed], [injured])).toEqual([{ before: null, after: injured }, { before: killed, after: null }]);
  expect(paired([], [killed])).toEqual([{ before: null, after: killed }]);
  expect(paired([injured, killed], [killed])).toEqual([{ before: killed, after: killed }, { before: injured, after: null }]);
});

test("each of several equal rows pairs once", () => {
  expect(paired([injured], [injured, injured])).toEqual([{ before: injured, after: injured }, { before: null, after: injured }]);
});

test("the list tells the kind and number of a detection, and the casualties of an accident", () => {
  const { detections, accidents } = REVIEWED;
  const mines = record({ kind: "ap_mine", quantity: 3, detected_on: "2023-09-01" });
  expect([detections.title(en, mines), ...detections.facts(en, mines)]).toEqual(["Anti-personnel mine × 3", "1 Sep 2023"]);
  const accident = record({ class: "mine", occurred_on: "2023-08-02", killed: 1 });
  expect([accidents.title(en, accident), ...accidents.facts(en, accident)]).toEqual(["Mine", "2 Aug 2023", "1 person killed, number injured not known"]);
});

test("the collections have names and reasons of their own in every language", () => {
  for (const { t } of ALL.map(speak)) {
    expect(new Set(COLLECTIONS.map((name) => REVIEWED[name].name(t))).size).toBe(COLLECTIONS.length);
    expect(new Set(COLLECTIONS.map((name) => REVIEWED[name].texts(t).reasons.has_issues[1])).size).toBe(COLLECTIONS.length);
  }
});

test("a risk names the fields of its collection", () => {
  const risk = { code: "future", detail: "", fields: ["occurred_on"] } as const;
  expect(riskText(speak("ru"), REVIEWED.accidents.table, { ...risk, fields: [...risk.fields] })).toBe("Дата в будущем: Дата.");
});
