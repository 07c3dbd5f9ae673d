import { describe, expect, it } from "vitest";

import { angles } from "../../src/field/position/angle.ts";
import { readDegrees } from "../../src/field/position/degrees.ts";

const [LON, LAT] = [46 + 18 / 60 + 5 / 3600, 39 + 42 / 60 + 10 / 3600];

describe("both coordinates in one box", () => {
  /** The result is the same in either box. */
  function one(text: string): readonly [number, number][] {
    const [inLon, inLat] = [readDegrees(text, ""), readDegrees("", text)];
    expect(inLon.found, text).toEqual(inLat.found);
    return inLon.found.map(({ at }) => [at[0], at[1]]);
  }

  it.each([
    `39°42'10"N 46°18'5"E`,
    `39°42′10″N, 46°18′5″E`,
    "39°42’10” N; 46°18’05” E",
    "N39°42'10\" E46°18'5\"",
    "39 42 10 N 46 18 5 E",
    "46°18'5\"E 39°42'10\"N",
    "39º42´10´´ N / 46º18´5´´ E",
    "39°42'10'' с.ш. 46°18'5'' в.д.",
    "39°42′10″ с. ш., 46°18′5″ в. д.",
    "39 42 10 северной широты, 46 18 5 восточной долготы",
    "39 град 42 мин 10 сек с.ш. 46 град 18 мин 5 сек в.д.",
    "39°42'10\" Ş, 46°18'5\" Şq",
    "39°42'10\" ş.e. 46°18'5\" ş.u.",
    "39° 42' 10\" şimal enliyi, 46° 18' 5\" şərq uzunluğu",
    "39-42-10N 46-18-05E",
    "39:42:10N 46:18:05E",
    "Lat: 39 42 10, Lon: 46 18 5",
    "Широта 39 42 10 Долгота 46 18 5",
    "39°42`10``N 46°18`5``E",
    "39° 42ʹ 10ʺ С 46° 18ʹ 5ʺ В",
  ])("%s", (text) => {
    const [only, ...more] = one(text);
    expect(more).toEqual([]);
    expect(only?.[0]).toBeCloseTo(LON, 9);
    expect(only?.[1]).toBeCloseTo(LAT, 9);
  });

  it.each(["39.7, 46.3", "39.7,46.3", "39,7 46,3", "39,7; 46,3", "39.7 46.3", "39,7, 46,3", "39.7/46.3", "39.7° 46.3°", "(39.7, 46.3)", "39.7\n46.3", "39 42 46 18", "39° 42' 46° 18'", "39 42.0 46 18.0"])(
    "%s could be either way round, and is asked about",
    (text) => {
      expect(one(text).map((at) => at.map((degree) => Number(degree.toFixed(9))))).toEqual([[46.3, 39.7], [39.7, 46.3]]);
    },
  );

  it.each([
    "geo:39.7,46.3",
    "https://www.google.com/maps?q=39.7,46.3",
    "https://www.google.com/maps/@39.7,46.3,17z",
    "https://maps.google.com/?q=39.7%2C46.3&z=12",
    "https://www.google.com/maps/place/X/@1.0,2.0,15z/data=!3d39.7!4d46.3",
  ])("%s has latitude first", (text) => {
    expect(one(text)).toEqual([[46.3, 39.7]]);
  });

  it("is unambiguous if one number cannot be a latitude", () => {
    expect(one("39.7, 146.3")).toEqual([[146.3, 39.7]]);
    expect(one("39.7 N 46.3")).toEqual([[46.3, 39.7]]);
    expect(one("46.3, 39.7 N")).toEqual([[46.3, 39.7]]);
    expect(one("-39.7, 146.3")).toEqual([[146.3, -39.7]]);
  });
});

describe("unreadable text is reported", () => {
  it.each([
    ["39,42,46,18", "commas"],
    ["46 61", "sixty"],
    ["46.5° 30'", "fraction"],
    ["46'18°", "number"],
    ["4 6 7 8 9", "number"],
    ["46 x", "letters"],
    ["N", "letters"],
    ["46 & 3", "characters"],
    ["-46 W", "sign"],
    ["181", "range"],
    ["91 N", "range"],
    ["46 N S", "letters"],
  ] as const)("%s: %s", (text, fault) => {
    expect(angles(text)).toEqual({ fault });
  });

  it("at its box", () => {
    expect(readDegrees("46.3 Ş", "39.7").faults).toEqual({ lon: "axis" });
    expect(readDegrees("46.3", "39.7 Q").faults).toEqual({ lat: "axis" });
    expect(readDegrees("46.3", "139.7").faults).toEqual({ lat: "range" });
    expect(readDegrees("46.3, 39.7", "39.7").faults).toEqual({ lon: "two" });
    expect(readDegrees("39.7 Ş, 46.3 Ş", "").faults).toEqual({ lon: "axis" });
    expect(readDegrees("46.3", "").faults).toEqual({});
  });
});

describe("letters", () => {
  it.each([
    ["46.3 Şq", 46.3], ["46.3 ŞQ", 46.3], ["46.3 şərq", 46.3], ["46.3 ŞƏRQ", 46.3], ["46.3 Q", -46.3], ["46.3 Qərb", -46.3],
    ["46.3 в.д.", 46.3], ["46.3 В.Д.", 46.3], ["46.3 вд", 46.3], ["46.3 з.д.", -46.3], ["46.3 B", 46.3], ["46.3 Е", 46.3], ["46.3 east", 46.3],
  ] as const)("%s is a longitude", (text, wanted) => {
    expect(angles(text).value).toMatchObject([{ degrees: wanted, axis: "lon" }]);
  });

  it.each([
    ["39.7 Ş", 39.7], ["39.7 Şimal", 39.7], ["39.7 ŞİMAL", 39.7], ["39.7 C", -39.7], ["39.7 Cənub", -39.7], ["39.7 С", 39.7],
    ["39.7 с.ш.", 39.7], ["39.7 СШ", 39.7], ["39.7 ю.ш.", -39.7], ["Ю 39.7", -39.7],
  ] as const)("%s is a latitude", (text, wanted) => {
    expect(angles(text).value).toMatchObject([{ degrees: wanted, axis: "lat" }]);
  });

  it("in both boxes take precedence over the boxes", () => {
    expect(readDegrees("39.7 N", "46.3 E").found.map(({ at }) => at)).toEqual([[46.3, 39.7]]);
  });
});

it("missing digits are not invented", () => {
  const step = (lon: string, lat: string): number | undefined => readDegrees(lon, lat).found[0]?.step_m;
  expect(step("46.30000", "39.70000")).toBeCloseTo(0.7, 1);
  expect(step("46.3", "39.7")).toBeGreaterThan(6_000);
  expect(step(`46°18'5"`, `39°42'10"`)).toBeCloseTo(19.5, 0);
});
