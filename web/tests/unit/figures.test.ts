import { expect, test } from "vitest";

import type { Month, ReportedFigure } from "../../src/api/types.ts";
import { axisMonths, csv, series } from "../../src/chart/series.ts";
import { drawnLeaves, seen, type Drawing } from "../../src/map/layer.ts";
import { kindsOf, neutralisedParts, ringRadius, roundScale } from "../../src/map/layers/cells.ts";
import { stepOf } from "../../src/map/layers/districts.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { layersOf } from "../../src/map/style.ts";
import { metresPerPixel, scaleBar } from "../../src/map/scale.ts";
import { statusOn, whenText } from "../../src/panel/figures.ts";
import { groups } from "../../src/panel/reported.ts";
import { LANGUAGES, chooseLang, speak } from "../../src/text/index.ts";

const month = (name: string, detected: number, neutralised: number): Month => ({
  month: name,
  detected: { records: detected, quantity: detected },
  neutralised: { records: neutralised, quantity: neutralised },
});

test("months without records take their room in the chart, and add nothing", () => {
  const points = series([month("2022-11", 5, 1), month("2023-02", 2, 4)]);
  expect(points.map((p) => p.month)).toEqual(["2022-11", "2022-12", "2023-01", "2023-02"]);
  expect(points.map((p) => p.allDetected)).toEqual([5, 5, 5, 7]);
  expect(points.at(-1)?.allNeutralised).toBe(5);
  expect(series([])).toEqual([]);
});

test("the spreadsheet holds the numbers of the chart", () => {
  expect(csv(series([month("2023-01", 3, 2)]))).toBe("month,detected,neutralised,detected_cumulative,neutralised_cumulative\r\n2023-01,3,2,3,2\r\n");
});

test("an axis of many years names few of them", () => {
  const months = series([month("1991-01", 1, 0), month("2023-12", 1, 0)]).map((p) => p.month);
  expect(axisMonths(months).length).toBeLessThanOrEqual(7);
});

test("one item among thousands still gets its part of the ring", () => {
  expect(neutralisedParts(1, 5000)).toBe(15);
  expect(neutralisedParts(5000, 1)).toBe(1);
  expect(neutralisedParts(0, 7)).toBe(16);
  expect(neutralisedParts(7, 0)).toBe(0);
});

test("the area of a ring is in proportion to its items", () => {
  expect(ringRadius(100, 100) / ringRadius(25, 100)).toBeCloseTo(2);
  expect(roundScale(134)).toBe(200);
  expect(roundScale(3)).toBe(10);
  expect(roundScale(1000)).toBe(1000);
});

test("the five steps begin where the legend says", () => {
  expect([0, 0.19, 0.2, 0.59, 0.8, 1].map(stepOf)).toEqual([0, 0, 1, 2, 4, 4]);
});

test("a share that is not quite all is never written as all", () => {
  const { percent } = speak("en");
  expect(percent(0.9999)).toBe("99%");
  expect(percent(0.0001)).toBe("1%");
  expect(percent(1)).toBe("100%");
  expect(percent(0)).toBe("0%");
});

test("the page speaks the first language of the reader that it knows", () => {
  expect(chooseLang(null, ["de-DE", "az-AZ", "en"])).toBe("az");
  expect(chooseLang("ru", ["az"])).toBe("ru");
  expect(chooseLang("xx", ["fr"])).toBe("en");
});

test("no string of any language is empty", () => {
  for (const texts of Object.values(LANGUAGES)) for (const text of Object.values(texts)) if (typeof text === "string") expect(text).not.toBe("");
});

const figure = (id: string, regions: string[], part_of: string | null, title: string): ReportedFigure => ({
  id, regions, part_of, measure: id, text: id, number: 1, unit: "items", period: { from: null, to: null }, note: null, parts_sum: null,
  source: { title, publisher: "P", quoting: "Q", published: null, url: null },
});

test("published figures stand with their source, totals before their parts, those of the region first", () => {
  const found = groups([figure("total", ["AZ"], null, "one"), figure("other", ["AZ-KAL"], null, "two"), figure("part", ["AZ"], "total", "one")], "AZ-KAL");
  expect(found.map((group) => group.entries.map((entry) => [entry.figure.id, entry.depth]))).toEqual([[["other", 0]], [["total", 0], ["part", 1]]]);
});

test("the scale bar is a round distance that fits", () => {
  expect(metresPerPixel(0, 0)).toBeCloseTo(78_271.5, 0);
  const { metres, pixels } = scaleBar(40, 9, 100);
  expect(metres).toBe(10_000);
  expect(pixels).toBeLessThanOrEqual(100);
  expect(pixels).toBeCloseTo(metres / metresPerPixel(40, 9));
});

test("a cell tells its kinds, the most first, and what is no kind is none", () => {
  expect(kindsOf({ records: 9, quantity: 15, detected: 3, neutralised: 12, uxo: 2, ap_mine: 12, other: 1, fuze: 0 })).toEqual([
    { kind: "ap_mine", items: 12 },
    { kind: "uxo", items: 2 },
    { kind: "other", items: 1 },
  ]);
  expect(kindsOf({ records: 9, quantity: 15 })).toEqual([]);
});

test("what was neutralised after a day was only detected on it", () => {
  const found = { kind: "uxo", quantity: 1, detected_on: "2023-03-01" } as const;
  const record = { ...found, status: "neutralised", neutralised_on: "2023-07-02" } as const;
  expect(statusOn(record, "2023-06-30")).toBe("detected");
  expect(statusOn(record, "2023-07-02")).toBe("neutralised");
  expect(statusOn(record, null)).toBe("neutralised");
  expect(statusOn({ ...found, status: "discounted" }, "2023-06-30")).toBe("discounted");
});

test("the heading names the month that a day ends, or else the day", () => {
  expect(whenText(speak("en"), "2023-06-30")).toBe("State at the end of June 2023");
  expect(whenText(speak("en"), "2024-02-29")).toBe("State at the end of February 2024");
  expect(whenText(speak("en"), "2023-06-15")).toBe("State at the end of 15 Jun 2023");
  expect(whenText(speak("ru"), "2023-06-30")).toBe("Состояние на конец месяца: июнь 2023");
});

test("of the two sources of records one is seen; the other is there only while it turns", () => {
  const drawing: Drawing = { palette: paletteOf("light"), lang: "en", fullRing: 50, region: null, coarse: false, leaf: 1, turning: false, turnMs: 150 };
  expect([0, 1].map((leaf) => seen(leaf as 0 | 1, drawing).opacity)).toEqual([0, 1]);
  expect(drawnLeaves(drawing)).toEqual([1]);
  expect(drawnLeaves({ ...drawing, turning: true })).toEqual([0, 1]);
  expect(layersOf(drawing).map(({ id }) => id)).not.toContain("cells");
});

test("only the upper source fades: the lower comes at once, and goes when it is covered", () => {
  const drawing = { turnMs: 150 } as Drawing;
  expect(seen(1, { ...drawing, leaf: 1 }).transition).toEqual({ duration: 150, delay: 0 });
  expect(seen(0, { ...drawing, leaf: 1 }).transition).toEqual({ duration: 0, delay: 150 });
  expect(seen(1, { ...drawing, leaf: 0 }).transition).toEqual({ duration: 150, delay: 0 });
  expect(seen(0, { ...drawing, leaf: 0 }).transition).toEqual({ duration: 0, delay: 0 });
});

test("both sources are drawn alike", () => {
  const drawing: Drawing = { palette: paletteOf("dark"), lang: "en", fullRing: 50, region: null, coarse: false, leaf: 0, turning: true, turnMs: 150 };
  const layers = new Map(layersOf(drawing).map((layer) => [layer.id, layer]));
  for (const id of ["cells", "records"]) expect(layers.get(`${id}-2`)?.layout).toEqual(layers.get(id)?.layout);
});
