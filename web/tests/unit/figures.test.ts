import { crc32 } from "node:zlib";

import { expect, test } from "vitest";

import { overviewOf } from "../../src/shared/api/happened.ts";
import type { Count, Month, Recorded, Region, ReportedFigure } from "../../src/shared/api/types.ts";
import { wrapped } from "../../src/chart/download.ts";
import { withText } from "../../src/chart/png.ts";
import { inLines, provenance, type Facts } from "../../src/chart/provenance.ts";
import { axisMonths, csv, series } from "../../src/chart/series.ts";
import { CELLS_FROM, drawnLeaves, seen, type Drawing } from "../../src/map/layer.ts";
import { kindsOf, neutralisedParts, ringRadius } from "../../src/collections/detections/layers/cells.ts";
import { SHARE, roundScale, stepBy, stepOf } from "../../src/map/measure.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { layersOf } from "../../src/map/style.ts";
import { metresPerPixel, scaleBar } from "../../src/map/scale.ts";
import { countText, districtsIn, spanText, statusOn, whenText } from "../../src/panel/figures.ts";
import { groups } from "../../src/panel/reported.ts";
import { NO_FILTERS, figuresQuery, queryOf, suffix } from "../../src/state/filters.ts";
import { LANGUAGES, chooseLang, speak } from "../../src/shared/text/index.ts";

const month = (name: string, detected: number, neutralised: number): Month => ({
  month: name,
  detected: { records: detected, quantity: detected },
  neutralised: { records: neutralised, quantity: neutralised },
});

test("months without records take up space in the chart, and add nothing", () => {
  const points = series([month("2022-11", 5, 1), month("2023-02", 2, 4)]);
  expect(points.map((p) => p.month)).toEqual(["2022-11", "2022-12", "2023-01", "2023-02"]);
  expect(points.map((p) => p.allDetected)).toEqual([5, 5, 5, 7]);
  expect(points.at(-1)?.allNeutralised).toBe(5);
  expect(series([])).toEqual([]);
});

const facts: Facts = {
  region: "Kalbajar",
  filters: { ...NO_FILTERS, kinds: ["uxo"], from: "2023-08-01", to: "2023-08-31" },
  operators: [{ operator: "demonstration", records: 9, quantity: 9 }],
  dataTo: "2023-09-18",
  madeUp: { records: 2728, all: 2731 },
  address: "https://example.org/#region=AZ-KAL&kind=uxo",
};

test("a file states the source and meaning of its numbers, in every language", () => {
  expect(inLines(provenance(speak("en"), facts))).toEqual([
    "Source: Clearline, recorded by the demonstration (made-up places)",
    "Demonstration: 2,728 of 2,731 records on this server are made up",
    "Region: Kalbajar",
    "Filters: Kind: Unexploded ordnance",
    "Period: 1 Aug 2023 to 31 Aug 2023",
    "Data to: 18 Sep 2023",
    "Address: https://example.org/#region=AZ-KAL&kind=uxo",
    "Shows what has been recorded. No record does not mean no danger.",
  ]);
  for (const lang of ["az", "ru"] as const) expect(inLines(provenance(speak(lang), facts))).toHaveLength(8);
  const state = provenance(speak("en"), { ...facts, filters: { ...NO_FILTERS, asOf: "2023-03-31" } });
  expect(state.find(({ name }) => name === "period")).toMatchObject({ text: "State at the end of March 2023", plain: "as_of 2023-03-31" });
});

test("the spreadsheet contains the chart's numbers, with their meaning in every row", () => {
  const [heading, row, ...rest] = csv(series([month("2023-01", 3, 2)]), provenance(speak("en"), facts)).split("\r\n");
  expect(heading).toBe("month,items_detected,items_neutralised,items_detected_cumulative,items_neutralised_cumulative,source,demonstration,region,filters,period,data_to,url,notice");
  expect(row).toBe(
    '2023-01,3,2,3,2,"Clearline, recorded by the demonstration (made-up places)","2,728 of 2,731 records on this server are made up",Kalbajar,kind=uxo,2023-08-01/2023-08-31,2023-09-18,https://example.org/#region=AZ-KAL&kind=uxo,Shows what has been recorded. No record does not mean no danger.',
  );
  expect(rest).toEqual([""]);
});

test("a name that a spreadsheet would take for a formula is text", () => {
  const [, row] = csv(series([month("2023-01", 3, 2)]), provenance(speak("en"), { ...facts, region: '=HYPERLINK("x")' })).split("\r\n");
  expect(row).toContain(`"'=HYPERLINK(""x"")"`);
});

test("a long line is broken between words, and a long word anywhere", () => {
  expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapped("at https://example.org", 8)).toEqual(["at", "https://", "example.", "org"]);
  expect(wrapped("", 8)).toEqual([]);
});

test("texts go into a picture behind its header, letters beyond Latin too", () => {
  const header = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, ...Array<number>(17).fill(1)]);
  const picture = withText(Uint8Array.from([...header, 9, 9]), [["Title", "Kalbajar"], ["Description", "Kəlbəcər"]]);
  expect([...picture.subarray(0, 33)]).toEqual([...header]);
  expect([...picture.subarray(-2)]).toEqual([9, 9]);
  const rest = Buffer.from(picture.subarray(33, -2));
  expect(rest.readUInt32BE(0)).toBe("Title\0Kalbajar".length);
  expect(rest.toString("latin1", 4, 22)).toBe("tEXtTitle\0Kalbajar");
  expect(rest.readUInt32BE(22)).toBe(crc32(rest.subarray(4, 22)));
  expect(rest.toString("latin1", 30, 34)).toBe("iTXt");
  expect(rest.toString("utf8", 34, rest.length - 4)).toBe("Description\0\0\0\0\0Kəlbəcər");
});

test("an axis of many years labels few of them", () => {
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

const recorded = (detected: number, neutralised: number): Recorded => ({
  records: detected + neutralised,
  quantity: detected + neutralised,
  detected: { records: detected, quantity: detected },
  neutralised: { records: neutralised, quantity: neutralised },
});

test("a district falls into a step by its share, or in a period by a number of items that is no share", () => {
  expect([recorded(9, 612), recorded(1, 0), recorded(0, 0)].map((each) => stepBy(SHARE, each))).toEqual([4, 0, null]);
  const neutralised = { of: "neutralised", full: 100 } as const;
  expect([recorded(9, 1), recorded(0, 20), recorded(0, 99), recorded(5, 0)].map((each) => stepBy(neutralised, each))).toEqual([0, 1, 4, null]);
  expect(stepBy({ of: "detected", full: 10 }, recorded(5, 0))).toBe(2);
});

test("figures of a period replace those of a state, and their two counts are never added", () => {
  const count = (quantity: number): Count => ({ records: quantity, quantity });
  const events = { found: count(5), neutralised: count(381) };
  const answer = { revision: 1, demonstration: true, events: { from: "2023-08-01", to: "2023-08-31" }, regions: [], outside: { found: count(0), neutralised: count(0) }, total: events };
  const { total, updated } = overviewOf(answer);
  expect(total).toEqual({ records: 381, quantity: 381, detected: count(5), neutralised: count(381) });
  expect(updated).toBeNull();
  const overview = { revision: 1, demonstration: true, updated: null, regions: [], outside: recorded(0, 0), total: recorded(9, 612) };
  expect(overviewOf(overview)).toBe(overview);
});

test("a period of one month is called by its name", () => {
  expect(spanText(speak("en"), "2024-08-01", "2024-08-31")).toBe("August 2024");
  expect(spanText(speak("en"), "2024-08-01", "2024-09-30")).toBe("1 Aug 2024 to 30 Sep 2024");
  expect(spanText(speak("en"), "2024-08-02", "2024-08-31")).toBe("2 Aug 2024 to 31 Aug 2024");
});

test("within a period, figures are requested by its events, and records by their days", () => {
  const filters = { ...NO_FILTERS, kinds: ["uxo" as const], from: "2023-08-01", to: null };
  expect(suffix(figuresQuery(filters))).toBe("?kind=uxo&events=2023-08-01/..");
  expect(suffix(queryOf(filters, { status: true }))).toBe("?kind=uxo&datetime=2023-08-01/..");
  expect(suffix(figuresQuery({ ...NO_FILTERS, asOf: "2023-03-31" }))).toBe("?as_of=2023-03-31");
});

test("a district's number states its total", () => {
  const both = ["detected", "neutralised"] as const;
  expect(countText(speak("en"), SHARE, both, recorded(267, 1609))).toBe("1,609 of 1,876");
  expect(countText(speak("ru"), SHARE, both, recorded(9, 612))).toBe("612 из 621");
  expect(countText(speak("en"), SHARE, ["detected"], recorded(267, 1609))).toBe("267");
  expect(countText(speak("en"), { of: "neutralised", full: 10 }, both, recorded(267, 381))).toBe("381");
});

test("districts are counted, not the regions that hold them", () => {
  const region = (id: string, level: Region["level"], children: string[]): [string, Region] => [id, { id, level, children } as unknown as Region];
  const byId = new Map([region("AZ", "country", ["E1", "E2", "D4"]), region("E1", "economic_region", ["D1", "D2"]), region("E2", "economic_region", ["D3"]), ...["D1", "D2", "D3", "D4"].map((id) => region(id, "district", []))]);
  expect(districtsIn("AZ", byId).map(({ id }) => id)).toEqual(["D1", "D2", "D3", "D4"]);
  expect(districtsIn("E1", byId)).toHaveLength(2);
  expect(speak("en").t.noDataIn("65", "78", 78)).toBe("65 of 78 districts have no data");
  expect(speak("ru").t.noDataIn("65", "78", 78)).toBe("Нет данных по 65 из 78 районов");
  expect(speak("az").t.noDataIn("65", "78", 78)).toBe("Məlumat olmayan rayonlar: 65 (cəmi 78 rayon)");
});

test("the banner says how many records are made up once others are there", () => {
  const said = (["en", "az", "ru"] as const).map((lang) => speak(lang).t.demonstration("2,728", "2,731", true));
  for (const text of said) expect(text).toMatch(/2,728.*2,731/);
  expect(speak("en").t.demonstration("2,728", "2,728", false)).toMatch(/places are made up/);
});

test("a share that is not quite all is never written as all", () => {
  const { percent } = speak("en");
  expect(percent(0.9999)).toBe("99%");
  expect(percent(0.0001)).toBe("1%");
  expect(percent(1)).toBe("100%");
  expect(percent(0)).toBe("0%");
});

test("the page uses the first of the reader's languages that it supports", () => {
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

test("reported figures are shown with their source, totals before parts, those of the region first", () => {
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

test("a cell lists its kinds, largest first, and ignores unknown kinds", () => {
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

test("districts are opaque up to the zoom at which marks begin, and gone from there on: no opacity depends on the zoom", () => {
  const drawing: Drawing = { palette: paletteOf("light"), lang: "en", fullRing: 50, region: null, measure: SHARE, coarse: true, leaf: 0, turning: false, turnMs: 0 };
  const layers = layersOf(drawing);
  const valued = ["districts", "no-data", "coarse", "cells", "records"].map((id) => layers.find((layer) => layer.id === id));
  expect(valued.slice(0, 2).map((layer) => layer?.maxzoom)).toEqual([CELLS_FROM, CELLS_FROM]);
  expect(layers.find(({ id }) => id === "cells")?.minzoom).toBe(CELLS_FROM);
  for (const layer of valued) {
    for (const [name, value] of Object.entries(layer?.paint ?? {})) if (name.endsWith("-opacity")) expect(JSON.stringify(value)).not.toContain("interpolate");
  }
});

test("of the two sources of records one is seen; the other is there only while it turns", () => {
  const drawing: Drawing = { palette: paletteOf("light"), lang: "en", fullRing: 50, region: null, measure: SHARE, coarse: false, leaf: 1, turning: false, turnMs: 150 };
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
  const drawing: Drawing = { palette: paletteOf("dark"), lang: "en", fullRing: 50, region: null, measure: SHARE, coarse: false, leaf: 0, turning: true, turnMs: 150 };
  const layers = new Map(layersOf(drawing).map((layer) => [layer.id, layer]));
  for (const id of ["cells", "records"]) expect(layers.get(`${id}-2`)?.layout).toEqual(layers.get(id)?.layout);
});
