import { readFileSync } from "node:fs";

import { createExpression, featureFilter, type FilterSpecification } from "@maplibre/maplibre-gl-style-spec";
import { expect, test } from "vitest";

import { summaryUrl } from "../../src/collections/accidents/api.ts";
import { countsText, told } from "../../src/collections/accidents/counts.ts";
import { sameDays, wholeMonths, type Days } from "../../src/collections/accidents/days.ts";
import { FIELDS } from "../../src/collections/accidents/fields.ts";
import { accidents } from "../../src/collections/accidents/layer.ts";
import { OUTCOME, OUTCOMES, outcomeOf, peopleText, type Outcome, type People } from "../../src/collections/accidents/outcome.ts";
import { comparable } from "../../src/collections/accidents/reported.ts";
import { SYMBOLS } from "../../src/collections/accidents/symbol.ts";
import { TABLE } from "../../src/collections/accidents/table.ts";
import { differing, fieldName, textOf, valueText, type RecordFeature } from "../../src/collections/values.ts";
import type { Drawing, Marks } from "../../src/map/layer.ts";
import { SHARE } from "../../src/map/measure.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { layersOf } from "../../src/map/style.ts";
import { groups, type Group } from "../../src/panel/reported.ts";
import type { ReportedFigure } from "../../src/shared/api/types.ts";
import { LANGUAGES, speak, type Lang } from "../../src/shared/text/index.ts";

const en = speak("en");
const ALL = Object.keys(LANGUAGES) as Lang[];
const marks: Marks = { rings: false, areas: false, detected: false, neutralised: false, glyphs: [], accidents: [] };

function drawing(days: Days | null): Drawing {
  return { palette: paletteOf("light"), lang: "en", fullRing: 50, region: null, measure: SHARE, coarse: false, accidents: days, leaf: 0, turning: false, turnMs: 0 };
}

const PEOPLE: [People, Outcome][] = [
  [{ killed: 2, injured: 5 }, "killed"],
  [{ killed: 1 }, "killed"],
  [{ killed: 0, injured: 3 }, "injured"],
  [{ injured: 3 }, "injured"],
  [{ killed: 0, injured: 0 }, "unhurt"],
  [{ killed: 0 }, "unknown"],
  [{ injured: 0 }, "unknown"],
  [{}, "unknown"],
];

test.each(PEOPLE)("of %o the worst that is recorded is %s, on the map as in the card", (people, outcome) => {
  expect(outcomeOf(people)).toBe(outcome);
  const made = createExpression(OUTCOME, { type: "string" } as never);
  if (made.result === "error") throw new Error(made.value[0]?.message);
  expect(made.value.evaluate({ zoom: 8 }, { type: 1, properties: { ...people } })).toBe(outcome);
});

test("each outcome has a shape of its own, not only a colour", () => {
  expect(new Set(OUTCOMES.map((outcome) => JSON.stringify(SYMBOLS[outcome]))).size).toBe(OUTCOMES.length);
});

test("the card lists people in an accident as far as they are recorded, and a missing number is not 0", () => {
  expect(peopleText(en, { killed: 2, injured: 1 })).toBe("2 people killed, 1 person injured");
  expect(peopleText(en, { killed: 0, injured: 1 })).toBe("1 person injured");
  expect(peopleText(en, { killed: 1 })).toBe("1 person killed, number injured not known");
  expect(peopleText(en, { injured: 2 })).toBe("number killed not known, 2 people injured");
  expect(peopleText(en, { killed: 0 })).toBe("number injured not known");
  expect(peopleText(en, { killed: 0, injured: 0 })).toBe("Nobody recorded as killed or injured");
  expect(peopleText(en, {})).toBe("Casualties not known");
});

test("counts take the forms of each language", () => {
  const counts = { accidents: 300, killed: 61, injured: 253 };
  expect(countsText(en, counts)).toBe("300 accidents, 61 people killed, 253 people injured");
  expect(countsText(speak("az"), counts)).toBe("300 qəza, 61 nəfər həlak olub, 253 nəfər yaralanıb");
  expect(countsText(speak("ru"), counts)).toBe("300 происшествий, 61 человек погиб, 253 человека ранены");
  expect(countsText(speak("ru"), { accidents: 1, killed: 2, injured: 5 })).toBe("1 происшествие, 2 человека погибли, 5 человек ранено");
});

test("a withheld count is not 0, and says below which number counts are withheld", () => {
  expect(told({ accidents: null, killed: null, injured: null })).toBeNull();
  expect(told({ accidents: 7, killed: null, injured: 6 })).toBeNull();
  expect(told({ accidents: 0, killed: 0, injured: 0 })).toEqual({ accidents: 0, killed: 0, injured: 0 });
  for (const lang of ALL) expect(speak(lang).t.accidents.withheld("5")).toContain("5");
});

test("public counts are of the whole months that contain the days", () => {
  expect(wholeMonths({ from: "2023-02-10", to: "2023-02-11" })).toEqual({ from: "2023-02-01", to: "2023-02-28" });
  expect(wholeMonths({ from: null, to: "2024-02-01" })).toEqual({ from: null, to: "2024-02-29" });
  const months = { from: "2023-01-01", to: "2023-03-31" };
  expect(sameDays(wholeMonths(months), months)).toBe(true);
  expect(sameDays(wholeMonths({ from: "2023-01-02", to: null }), { from: "2023-01-02", to: null })).toBe(false);
});

test("the counts of a region and of days are requested", () => {
  expect(summaryUrl(null, { from: null, to: null })).toBe("/summary/accidents?by=region");
  expect(summaryUrl("AZ-KAL", { from: null, to: "2023-03-31" })).toBe("/summary/accidents?by=region&region=AZ-KAL&datetime=../2023-03-31");
});

test("the map draws the accidents of the chosen days", () => {
  const filterOf = (days: Days): FilterSpecification => {
    const layer = layersOf(drawing(days)).find(({ id }) => id === "accidents");
    if (layer === undefined || !("filter" in layer)) throw new Error("the layer has no filter");
    return layer.filter;
  };
  const drawn = (days: Days, on: string): boolean => featureFilter(filterOf(days), "accidents").filter({ zoom: 8 }, { type: 1, properties: { occurred_on: on } });
  const period = { from: "2023-01-01", to: "2023-01-31" };
  expect(["2022-12-31", "2023-01-01", "2023-01-31", "2023-02-01"].map((on) => drawn(period, on))).toEqual([false, true, true, false]);
  expect(drawn({ from: null, to: null }, "1993-05-01")).toBe(true);
  expect(drawn({ from: null, to: "2022-01-31" }, "2022-02-01")).toBe(false);
});

test("a hidden accident is in no layer and in no entry of the legend", () => {
  expect(layersOf(drawing(null)).some(({ id }) => id === "accidents")).toBe(false);
  expect(accidents.legend(drawing(null), { ...marks, accidents: OUTCOMES })).toEqual([]);
});

test("accidents are above all other marks, and the legend lists those in view", () => {
  expect(layersOf(drawing({ from: null, to: null })).at(-1)?.id).toBe("accidents");
  const entries = accidents.legend(drawing({ from: null, to: null }), { ...marks, accidents: ["killed", "unknown"] });
  expect(entries.map(({ label }) => label)).toEqual(["accident-killed", "accident-unknown"]);
  for (const lang of ALL) expect(new Set(Object.values(speak(lang).t.accidents.people)).size).toBe(OUTCOMES.length);
});

interface Published {
  id: string;
  regions: string[];
  from: string | null;
  to: string | null;
  parts_sum?: number | null;
}

/** The published figures as the server tells them. */
function published(region: string): Group[] {
  const { figures } = JSON.parse(readFileSync(new URL("../../../data/reported_figures.json", import.meta.url), "utf8")) as { figures: Published[] };
  const told = figures.filter(({ regions }) => regions.includes(region)).map(({ from, to, ...figure }) => ({ parts_sum: null, ...figure, period: { from, to } }));
  return groups(told as unknown as ReportedFigure[], region);
}

function groupOf(region: string, figure: string): Group {
  return published(region).find(({ entries }) => entries.some((entry) => entry.figure.id === figure)) ?? expect.unreachable();
}

test("the casualties of the country stand beside the recorded accidents of the same months, or of the same days", () => {
  const group = groupOf("AZ", "mine-casualties");
  expect(comparable(group, true)).toEqual({ region: "AZ", from: "2020-11-01", to: "2023-09-30" });
  expect(comparable(group, false)).toEqual({ region: "AZ", from: "2020-11-10", to: "2023-09-19" });
});

test("accidents of one day are not compared with a month", () => {
  const group = groupOf("AZ-XVD", "accident-taghaverd-0400");
  expect(comparable(group, true)).toBeNull();
  expect(comparable(group, false)).toEqual({ region: "AZ-XVD", from: "2023-09-19", to: "2023-09-19" });
});

test("figures that recorded accidents do not measure stand alone", () => {
  expect(comparable(groupOf("AZ", "victims-since-1991"), false)).toBeNull();
  const group = groupOf("AZ", "mine-casualties");
  const parts = group.entries.filter(({ depth }) => depth > 0);
  expect(parts.map(({ figure }) => figure.id)).toContain("mine-killed-civilian");
  expect(comparable({ ...group, entries: parts }, false)).toBeNull();
});

const accident: RecordFeature = {
  geometry: { coordinates: [47.03, 39.72] },
  properties: { class: "mine", occurred_on: "2023-09-19", device: "av_mine", killed: 2, review: "approved", victims: [{ outcome: "killed", sex: "male", touched: "no" }, { outcome: "injured" }] },
};

test("an accident's values are in the reader's words", () => {
  expect(valueText(en, TABLE, accident, "class")).toBe("Mine");
  expect(valueText(speak("ru"), TABLE, accident, "device")).toBe("Противотанковая мина");
  expect(valueText(en, TABLE, accident, "victims")).toBe("Killed, Male, No; Injured");
  expect(textOf(speak("az"), TABLE, "set_off", "tripwire")).toBe("Dartma məftili");
  expect(fieldName(speak("ru"), TABLE, "certified_on")).toBe("Сведения на");
  expect(valueText(en, TABLE, accident, "model")).toBe("–");
});

test("the history of an accident names the changed fields", () => {
  const after = { ...accident, properties: { ...accident.properties, killed: 3, review: "submitted" } };
  expect(differing(accident, after)).toEqual(["killed"]);
});

test("no field of an accident or of a victim is a name or a birth date", () => {
  const names = [...FIELDS, ...TABLE.groups.victims?.fields ?? []].map(({ name }) => name);
  expect(names.filter((name) => /name|birth/.test(name))).toEqual([]);
});
