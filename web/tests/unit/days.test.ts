import { expect, test } from "vitest";

import { addMonths, isDay, lastDay, monthRange, monthsBetween, presetRange } from "../../src/state/days.ts";
import { changedBy, interval, isFiltered, queryOf, suffix, toggled, NO_FILTERS } from "../../src/state/filters.ts";

test("only days that exist are days", () => {
  expect(isDay("2024-02-29")).toBe(true);
  expect(isDay("2023-02-29")).toBe(false);
  expect(isDay("2023-13-01")).toBe(false);
  expect(isDay("2023-1-1")).toBe(false);
  expect(isDay("yesterday")).toBe(false);
});

test("months are counted across years", () => {
  expect(addMonths("2022-11", 3)).toBe("2023-02");
  expect(addMonths("2023-01", -1)).toBe("2022-12");
  expect(monthsBetween("2022-08", "2023-09")).toBe(13);
  expect(monthRange("2022-11", "2023-02")).toEqual(["2022-11", "2022-12", "2023-01", "2023-02"]);
  expect(monthRange("2023-02", "2022-11")).toEqual([]);
});

test("a month ends on its last day", () => {
  expect(lastDay("2024-02")).toBe("2024-02-29");
  expect(lastDay("2023-02")).toBe("2023-02-28");
  expect(lastDay("2023-12")).toBe("2023-12-31");
});

test("presets count back from the newest record", () => {
  expect(presetRange("last12", "2023-09-18")).toEqual({ from: "2022-10-01", to: "2023-09-30" });
  expect(presetRange("last3", "2023-01-05")).toEqual({ from: "2022-11-01", to: "2023-01-31" });
  expect(presetRange("lastYear", "2023-09-18")).toEqual({ from: "2023-01-01", to: "2023-12-31" });
  expect(presetRange("all", "2023-09-18")).toEqual({ from: null, to: null });
});

test("an open end is written as two dots", () => {
  expect(interval("2023-01-01", null)).toBe("2023-01-01/..");
  expect(interval(null, "2023-01-01")).toBe("../2023-01-01");
  expect(interval(null, null)).toBeNull();
});

test("filters become the server's parameters, readably, and the status only where it is wanted", () => {
  const filters = { ...NO_FILTERS, status: ["detected" as const], kinds: ["ap_mine" as const, "uxo" as const], from: "2023-01-01" };
  expect(suffix(queryOf(filters, { status: true }))).toBe("?status=detected&kind=ap_mine,uxo&datetime=2023-01-01/..");
  expect(suffix(queryOf(filters, { status: false }))).toBe("?kind=ap_mine,uxo&datetime=2023-01-01/..");
  expect(suffix(queryOf(NO_FILTERS, { status: true }))).toBe("");
});

test("choices are added and removed in the order of the list", () => {
  expect(toggled(["c"], "a", ["a", "b", "c"])).toEqual(["a", "c"]);
  expect(toggled(["a", "c"], "c", ["a", "b", "c"])).toEqual(["a"]);
});

test("the date is part of every query", () => {
  const filters = { ...NO_FILTERS, kinds: ["uxo" as const], asOf: "2023-06-30" };
  expect(suffix(queryOf(filters, { status: true }))).toBe("?kind=uxo&as_of=2023-06-30");
  expect(suffix(queryOf(filters, { status: false }))).toBe("?kind=uxo&as_of=2023-06-30");
});

test("a period ends the date, a date ends the period, and the other filters stay", () => {
  const dated = { ...NO_FILTERS, kinds: ["uxo" as const], from: "2023-01-01", to: "2023-02-28" };
  const past = changedBy(dated, { asOf: "2023-06-30" });
  expect(past).toEqual({ ...NO_FILTERS, kinds: ["uxo"], asOf: "2023-06-30" });
  expect(changedBy(past, { from: "2023-03-01" })).toEqual({ ...NO_FILTERS, kinds: ["uxo"], from: "2023-03-01" });
  expect(changedBy(past, { kinds: [] }).asOf).toBe("2023-06-30");
  expect(changedBy(past, { asOf: null })).toEqual({ ...NO_FILTERS, kinds: ["uxo"] });
});

test("a date does not count as a filter", () => {
  expect(isFiltered({ ...NO_FILTERS, asOf: "2023-06-30" })).toBe(false);
});

test("at least one status is always counted", () => {
  expect(changedBy(NO_FILTERS, { status: [] }).status).toEqual(NO_FILTERS.status);
});
