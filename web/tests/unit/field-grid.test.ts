import { describe, expect, it } from "vitest";

import { metresBetween } from "../../src/field/position/bearing.ts";
import { emptyTyped, read, type Typed } from "../../src/field/position/typed.ts";
import { readMgrs } from "../../src/field/position/mgrs.ts";
import type { LonLat } from "../../src/shared/api/types.ts";

const SHUSHA: LonLat = [46.749, 39.758];
const HERE = { at: [46.8, 39.8] as LonLat, accuracy_m: 5 };

function typed(part: Partial<Typed>): ReturnType<typeof read> {
  return read({ ...emptyTyped(), ...part }, { here: null, day: "2026-11-30" });
}

describe("UTM", () => {
  it.each([
    ["649824", "4402361"],
    ["649 824", "4 402 361"],
    ["649.824", "4.402.361"],
    ["649.824,00", "4.402.361,0"],
    ["649,824.0", "4,402,361.0"],
    ["649 824.00", "4402 361,0"],
    ["649824E", "4402361N"],
    ["649824 E", "4402361mN"],
    ["E 649824", "N 4402361"],
    ["649824 mE", "4402361 m N"],
    ["0649824", "4402361 м"],
    ["649'824", "4’402’361"],
    ["649824 4402361", ""],
    ["", "649824 4402361"],
    ["649824, 4402361", ""],
    ["649824,4402361", ""],
    ["649824;4402361", ""],
    ["4402361 649824", ""],
    ["649824E 4402361N", ""],
    ["649824 E 4402361 N", ""],
    ["E 649824 N 4402361", ""],
    ["38S 649824 4402361", ""],
    ["38 N 649824 E, 4402361 N", ""],
  ])("%s | %s", (easting, northing) => {
    const { positions, faults } = typed({ notation: "utm", easting, northing });
    expect(faults).toEqual({});
    expect(positions).toHaveLength(1);
    expect(metresBetween(positions[0]?.at ?? [0, 0], SHUSHA)).toBeLessThan(1.5);
    expect(positions[0]?.as_given).toEqual({ coordinates: `${easting} ${northing}`.trim(), crs: "EPSG:32638" });
  });

  it.each([
    ["649824 N", "4402361", { easting: "axis" }],
    ["64x824", "4402361", { easting: "letters" }],
    ["649824", "44.02.361", { northing: "number" }],
    ["4402361", "649824", { easting: "swapped", northing: "swapped" }],
    ["49824", "4402361", { easting: "range" }],
    ["649824", "402.361", { northing: "ambiguous" }],
    ["37S 649824 4402361", "", { easting: "zone" }],
    ["649824", "", {}],
  ])("%s | %s is no position: %o", (easting, northing, wanted) => {
    const { positions, faults } = typed({ notation: "utm", easting, northing });
    expect(positions).toEqual([]);
    expect(faults).toEqual(wanted);
  });
});

describe("Pulkovo", () => {
  it.each([
    ["4404212.8", "8649988.7"],
    ["44 04 212,8", "86 49 988,7"],
    ["4.404.212,80", "8.649.988,70"],
    ["X=4404213", "Y=8649989"],
    ["Х 4404213 У 8649989", ""],
    ["8649989, 4404213", ""],
    ["", "4404213 8649989"],
  ])("%s | %s", (northing, easting) => {
    const { positions, faults } = typed({ notation: "pulkovo", northing, easting });
    expect(faults).toEqual({});
    expect(metresBetween(positions[0]?.at ?? [0, 0], SHUSHA)).toBeLessThan(6);
    expect(positions[0]?.as_given?.crs).toBe("EPSG:28408");
  });
});

describe("MGRS", () => {
  it.each([
    "38S PK 49824 02360", "38SPK4982402360", "38s pk 49824, 02360", "38S/PK/49824/02360", "38S-PK-49824-02360", "38S РК 49824 02360", "38С РК 49824 02360",
    "38 SPK 4982 0236", "PK 49824 02360", "РК4982402360", "38PK 49824 02360",
  ])("%s", (text) => {
    const { value = [] } = readMgrs(text, null);
    expect(value).toHaveLength(1);
    expect(metresBetween(value[0]?.at ?? [0, 0], SHUSHA)).toBeLessThan(8);
    expect(value[0]?.full).toMatch(/^38SPK/);
  });

  it("of digits alone is the one near the phone", () => {
    const { value = [] } = readMgrs("49824 02360", HERE.at);
    expect(value[0]?.full).toBe("38SPK4982402360");
    expect(readMgrs("49824 02360", null)).toEqual({ fault: "mgrsSquare" });
  });

  it("without its zone is asked about if it is ambiguous", () => {
    expect(readMgrs("BK 49824 02360", null).value?.map(({ full }) => full.slice(0, 5))).toHaveLength(2);
  });

  it.each([["38S PK 498 02360", "mgrsDigits"], ["38S PK 498", "mgrsDigits"], ["38S PK 49824.5 02360", "mgrsDigits"], ["38S PK", "mgrsDigits"], ["38I PK 4982 0236", "mgrsLetters"], ["61T PK 1234", "mgrsLetters"], ["hello", "mgrsLetters"], ["38Ж PK 4982 0236", "mgrsLetters"]])(
    "%s: %s",
    (text, fault) => {
      expect(readMgrs(text, HERE.at)).toEqual({ fault });
    },
  );

  it("keeps the typed text, and shows how it was read", () => {
    expect(typed({ notation: "mgrs", mgrs: " РК 49824, 02360 " }).positions[0]?.as_given).toEqual({ coordinates: "РК 49824, 02360", crs: "MGRS, read as 38SPK4982402360" });
  });
});

describe("a bearing", () => {
  const base = { notation: "bearing" as const, distance: "100", magnetic: false };
  const at = (part: Partial<Typed>): ReturnType<typeof read> => read({ ...emptyTyped(), ...base, ...part }, { here: HERE, day: "2026-11-30" });
  it.each([
    ["90", "degrees"], ["90°", "degrees"], ["90°00'", "degrees"], ["90,0", "degrees"], ["1600", "nato"], ["1500", "soviet"], ["15-00", "soviet"],
  ] as const)("%s %s is east", (bearing, unit) => {
    const { positions, faults } = at({ bearing, unit });
    expect(faults).toEqual({});
    expect(positions[0]?.at[1]).toBeCloseTo(HERE.at[1], 5);
    expect(positions[0]?.at[0]).toBeGreaterThan(HERE.at[0]);
    expect(positions[0]?.as_given?.coordinates).toContain(`${bearing} `);
  });

  it.each([["1500", "degrees", "mils"], ["15-00", "degrees", "mils"], ["6500", "nato", "bearing"], ["6100", "soviet", "bearing"], ["-5", "degrees", "bearing"], ["x", "degrees", "bearing"]] as const)("%s %s: %s", (bearing, unit, fault) => {
    expect(at({ bearing, unit })).toMatchObject({ positions: [], faults: { bearing: fault } });
  });

  it("by compass is corrected by the model for the place and day, unless a declination is typed", () => {
    const model = at({ bearing: "90", magnetic: true });
    expect(model.north).toMatchObject({ model: "WMM2025", degrees: 6.4 });
    expect(model.positions[0]?.as_given?.coordinates).toBe("90 degrees (magnetic, declination 6.4 by WMM2025), 100 m from 46.8 39.8");
    const own = at({ bearing: "90", magnetic: true, declination: "6,0" });
    expect(own.north).toEqual({ model: null, degrees: 6 });
    expect(at({ bearing: "90", magnetic: true, declination: "6.0 E" }).north).toEqual({ model: null, degrees: 6 });
    expect(at({ bearing: "90", magnetic: true, declination: "far" }).faults).toEqual({ declination: "declination" });
    expect(read({ ...emptyTyped(), ...base, bearing: "90", magnetic: true }, { here: HERE, day: "2031-01-01" })).toMatchObject({ positions: [], faults: { declination: "declination" } });
  });

  it("from a typed point is no more accurate than the point", () => {
    const { positions } = at({ bearing: "90", from_here: false, lon: "46.80000", lat: "39.80000" });
    expect(positions[0]?.accuracy_m).toBeGreaterThan(50);
    expect(at({ bearing: "90", from_here: false, lon: "46.80000", lat: "39.80000", source: "gnss" }).positions[0]?.accuracy_m).toBeGreaterThan(15);
    expect(at({ bearing: "90", from_here: false, lon: "46.8, 39.8" }).positions).toHaveLength(2);
    expect(read({ ...emptyTyped(), ...base, bearing: "90" }, { here: { at: HERE.at, accuracy_m: null }, day: "2026-11-30" }).positions[0]?.accuracy_m).toBeNull();
  });
});
