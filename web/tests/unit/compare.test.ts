import { expect, test } from "vitest";

import { before, periodOf } from "../../src/compare/periods.ts";
import { csv, rowsOf, signed, sorted, type Row } from "../../src/compare/rows.ts";
import { groups } from "../../src/panel/reported.ts";
import type { Region, ReportedFigure } from "../../src/shared/api/types.ts";
import { readAddress, writeAddress } from "../../src/state/address.ts";
import { presetRange } from "../../src/state/days.ts";
import { NO_FILTERS, isFiltered, queryOf, suffix } from "../../src/state/filters.ts";

test("before whole months come as many months, whatever their lengths", () => {
  expect(before({ from: "2023-03-01", to: "2023-03-31" })).toEqual({ from: "2023-02-01", to: "2023-02-28" });
  expect(before({ from: "2024-03-01", to: "2024-03-31" })).toEqual({ from: "2024-02-01", to: "2024-02-29" });
  expect(before({ from: "2024-02-01", to: "2024-02-29" })).toEqual({ from: "2024-01-01", to: "2024-01-31" });
  expect(before({ from: "2023-01-01", to: "2023-01-31" })).toEqual({ from: "2022-12-01", to: "2022-12-31" });
  expect(before({ from: "2022-10-01", to: "2023-09-30" })).toEqual({ from: "2021-10-01", to: "2022-09-30" });
});

test("before other days come as many days", () => {
  expect(before({ from: "2024-03-01", to: "2024-03-07" })).toEqual({ from: "2024-02-23", to: "2024-02-29" });
  expect(before({ from: "2023-03-01", to: "2023-03-07" })).toEqual({ from: "2023-02-22", to: "2023-02-28" });
  expect(before({ from: "2023-03-05", to: "2023-03-05" })).toEqual({ from: "2023-03-04", to: "2023-03-04" });
  expect(before({ from: "2023-02-01", to: "2023-02-27" })).toEqual({ from: "2023-01-05", to: "2023-01-31" });
});

test("an open end is the end of the data, and an open start has nothing before", () => {
  expect(periodOf({ from: "2023-09-01", to: null }, "2023-09-18")).toEqual({ from: "2023-09-01", to: "2023-09-18" });
  expect(periodOf({ from: null, to: "2023-09-18" }, "2023-09-18")).toBeNull();
  expect(periodOf({ from: "2024-01-01", to: null }, "2023-09-18")).toBeNull();
  expect(periodOf({ from: "2023-09-01", to: null }, null)).toBeNull();
});

test("the last month is that of the newest record, to its end", () => {
  expect(presetRange("lastMonth", "2024-02-03")).toEqual({ from: "2024-02-01", to: "2024-02-29" });
});

function region(id: string, detected: number, neutralised: number, first: string | null): Region {
  const count = (quantity: number): { records: number; quantity: number } => ({ records: quantity, quantity });
  const all = detected + neutralised;
  const recorded = { ...count(all), detected: count(detected), neutralised: count(neutralised) };
  return { id, level: "district", parent: "AZ", names: { en: id }, aliases: [], area_m2: 1, bounds: null, label: [46, 40], children: [], recorded, first, latest: first };
}

const period = { from: "2023-08-01", to: "2023-08-31" };
const rows = rowsOf({
  state: [region("Old", 2, 8, "2022-08-03"), region("New", 1, 0, "2023-09-02"), region("None", 0, 0, null)],
  now: [region("Old", 3, 1, null), region("New", 1, 0, null), region("None", 0, 0, null)],
  before: { period, regions: [region("Old", 1, 4, null), region("New", 0, 0, null), region("None", 0, 0, null)] },
});
const [old, young, none] = rows as [Row, Row, Row];

test("a change is signed, and unknown where nothing was recorded before", () => {
  expect(old.values).toMatchObject({ records: 10, share: 0.8, foundNow: 3, foundBefore: 1, foundChange: 2, clearedNow: 1, clearedBefore: 4, clearedChange: -3 });
  expect(young.values).toMatchObject({ records: 1, foundNow: 1, foundBefore: null, foundChange: null, clearedChange: null });
  expect(Object.values(none.values).every((value) => value === null)).toBe(true);
  expect([2, -3, 0].map((n) => signed(n, String))).toEqual(["+2", "−3", "0"]);
});

test("rows without a value come last in both directions", () => {
  const ids = (descending: boolean): string[] => sorted(rows, { by: "records", descending }, ({ id }) => id, "en").map(({ id }) => id);
  expect(ids(true)).toEqual(["Old", "New", "None"]);
  expect(ids(false)).toEqual(["New", "Old", "None"]);
  expect(sorted(rows, { by: "name", descending: true }, ({ id }) => id, "en").map(({ id }) => id)).toEqual(["Old", "None", "New"]);
});

test("the file leaves unknown values empty, and every row has its source", () => {
  const text = csv(rows, ["records", "foundChange", "clearedChange", "share"], ({ id }) => id, [{ name: "source", label: "Source", text: "Clearline, all" }]);
  expect(text.split("\r\n")).toEqual([
    "id,district,records,items_found_change,items_neutralised_change,share_neutralised,source",
    'Old,Old,10,2,-3,0.8,"Clearline, all"',
    'New,New,1,,,0,"Clearline, all"',
    'None,None,,,,,"Clearline, all"',
    "",
  ]);
});

test("the address has the operator and at most four districts", () => {
  const state = readAddress("#operator=A%20%26%20B&districts=selected&beside=a,b,../c,b,d,e,f");
  expect(state).toMatchObject({ table: "selected", beside: ["a", "b", "d", "e"], filters: { operator: "A & B" } });
  expect(readAddress(writeAddress(state))).toEqual(state);
  expect(readAddress("#operator=").filters.operator).toBe("");
  expect(readAddress("#operator=a,b").filters.operator).toBeNull();
});

test("the operator is part of every query, and a filter", () => {
  const filters = { ...NO_FILTERS, operator: "Alpha" };
  expect(suffix(queryOf(filters, { status: true }))).toBe("?operator=Alpha");
  expect(isFiltered(filters)).toBe(true);
});

test("reported clearance leads, and no sentence of a note is repeated", () => {
  const figure = (id: string, measure: string, regions: string[], note: string | null, to: string): ReportedFigure => ({
    id, measure, text: id, number: 1, unit: "items", period: { from: "2023-01-01", to }, regions, part_of: null, note, parts_sum: null,
    source: { title: "t", publisher: "p", quoting: null, published: null, url: null },
  });
  const all = groups([
    figure("hurt", "casualties", ["R"], null, "2023-02-01"),
    figure("mines", "ap_mines_neutralised", ["AZ"], "Title not kept.", "2023-03-01"),
    figure("area", "area_cleared", ["AZ"], "Published as 3 ha. Title not kept.", "2023-03-01"),
    figure("died", "killed", ["AZ"], null, "2023-03-01"),
  ], "R");
  expect(all.map(({ entries }) => entries.map(({ figure: { id } }) => id))).toEqual([["mines", "area", "died"], ["hurt"]]);
  expect(all[0]?.notes).toEqual(["Title not kept.", "Published as 3 ha."]);
});
