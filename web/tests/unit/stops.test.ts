import { expect, test } from "vitest";

import { columnsOf, moved, sideOf, stopAt, stopsOf, stride } from "../../src/state/stops.ts";

const months = ["2023-03", "2023-04", "2023-05"];

test("it stops at the end of every month with data, and today", () => {
  expect(stopsOf(months, "2026-11")).toEqual([
    { month: "2023-03", asOf: "2023-03-31" },
    { month: "2023-04", asOf: "2023-04-30" },
    { month: "2023-05", asOf: "2023-05-31" },
    { month: "2026-11", asOf: null },
  ]);
});

test("the present month has not ended: its stop is today, the last one", () => {
  expect(stopsOf(months, "2023-05").map(({ asOf }) => asOf)).toEqual(["2023-03-31", "2023-04-30", null]);
  expect(stopsOf(months, "2023-04").map(({ asOf }) => asOf)).toEqual(["2023-03-31", null]);
  expect(stopsOf(months, "2023-03").map(({ asOf }) => asOf)).toEqual([null]);
});

test("months without records are one column, not a stop each: one new month does not play 38 empty ones", () => {
  const stops = stopsOf([...months, "2026-10"], "2026-11");
  expect(stops.map(({ month }) => month)).toEqual([...months, "2026-10", "2026-11"]);
  expect(columnsOf(stops)).toEqual([
    { stop: 0, month: "2023-03" },
    { stop: 1, month: "2023-04" },
    { stop: 2, month: "2023-05" },
    { empty: 40, after: "2023-05" },
    { stop: 3, month: "2026-10" },
    { stop: 4, month: "2026-11" },
  ]);
});

test("today is separate from the last month with records", () => {
  expect(columnsOf(stopsOf(months, "2026-11")).slice(-3)).toEqual([{ stop: 2, month: "2023-05" }, { empty: 41, after: "2023-05" }, { stop: 3, month: "2026-11" }]);
});

test("without data there is nowhere to stop", () => {
  expect(stopsOf([], "2026-11")).toEqual([]);
});

test.each([
  [null, 3],
  ["2023-04-30", 1],
  ["2023-04-12", 1],
  ["2022-01-31", 0],
  ["2024-08-31", 2],
])("%s lies at stop %s", (asOf, index) => {
  expect(stopAt(stopsOf(months, "2026-11"), asOf)).toBe(index);
});

test("keys go a month, a year, or to an end, and never beyond it", () => {
  const from = (key: string): number => moved(20, stride(key) ?? NaN, 40);
  expect(["ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"].map(from)).toEqual([19, 21, 19, 21, 8, 32, 0, 40]);
  expect(moved(3, -12, 40)).toBe(0);
  expect(moved(38, 12, 40)).toBe(40);
  expect(stride("a")).toBeUndefined();
});

test("a period beyond all months is on one side of them and contains none", () => {
  const known = ["2022-08", "2022-09", "2023-09"];
  expect(sideOf(known, "2024-03-01", "2024-05-31")).toBe("after");
  expect(sideOf(known, null, "2022-07-31")).toBe("before");
  expect(sideOf(known, "2023-09-30", null)).toBe(null);
  expect(sideOf(known, null, "2022-08-01")).toBe(null);
  expect(sideOf(known, null, null)).toBe(null);
  expect(sideOf([], "2024-03-01", null)).toBe(null);
});
