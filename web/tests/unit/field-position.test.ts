import { describe, expect, it } from "vitest";

import { angle } from "../../src/field/position/angle.ts";
import { accuracyOf, destination, metresBetween } from "../../src/field/position/bearing.ts";
import { mgrs, pulkovo, utm } from "../../src/field/position/grids.ts";
import { emptyTyped, read } from "../../src/field/position/typed.ts";
import type { LonLat } from "../../src/api/types.ts";

/** The places and coordinates that the server's own tests have from PROJ. */
const KALBAJAR: LonLat = [46.3183, 40.0581];
const SHUSHA: LonLat = [46.749, 39.758];

function near(found: LonLat | null | undefined, wanted: LonLat, metres: number): void {
  if (found == null) throw new Error("no position was read");
  expect(metresBetween(found, wanted)).toBeLessThan(metres);
}

describe("degrees", () => {
  it("are read as decimals, with a comma too, and as degrees, minutes and seconds", () => {
    expect(angle("46.5", "lon")).toBe(46.5);
    expect(angle(" 46,5 ", "lon")).toBe(46.5);
    expect(angle("46°30'E", "lon")).toBe(46.5);
    expect(angle("N 39 45 36", "lat")).toBeCloseTo(39.76, 9);
    expect(angle(`40°06'22.7"N`, "lat")).toBeCloseTo(40.1063056, 6);
    expect(angle("39°45′36″ С", "lat")).toBeCloseTo(39.76, 9);
    expect(angle("-0 30", "lon")).toBe(-0.5);
    expect(angle("0 30 W", "lon")).toBe(-0.5);
  });

  it("are refused when they are none, of the other axis, or outside of it", () => {
    for (const text of ["", "x", "46 61", "46.5 30", "4 6 7 8", "181", "46 N", "N 46 E", "-46 W", "1e2", "46 -3"]) expect(angle(text, "lon"), text).toBeNull();
    expect(angle("91", "lat")).toBeNull();
    expect(angle("45 E", "lat")).toBeNull();
  });
});

describe("grids", () => {
  it("agree with the server about UTM", () => {
    near(utm(38, 612_435.986986, 4_435_038.314374), KALBAJAR, 0.02);
    near(utm(38, 649_824.090461, 4_402_360.880813), SHUSHA, 0.02);
    expect(utm(38, 4_435_038, 612_435)).toBeNull();
  });

  it("agree with the server about Pulkovo, within what the transformation is good for, northing first", () => {
    near(pulkovo(4_436_903.401747, 8_612_585.740807), KALBAJAR, 5);
    near(pulkovo(4_404_212.795509, 8_649_988.674884), SHUSHA, 5);
    expect(pulkovo(8_612_585, 4_436_903)).toBeNull();
  });

  it("read MGRS on both sides of 40° N, in the middle of the square", () => {
    near(mgrs("38TPK1243535038")?.at, KALBAJAR, 2);
    near(mgrs("38s pk 49824 02360")?.at, SHUSHA, 2);
    expect(mgrs("38TPK1243535038")?.accuracy_m).toBeCloseTo(0.7, 1);
    expect(mgrs("38TPK124350")?.accuracy_m).toBeCloseTo(70.7, 1);
    for (const text of ["", "38T", "38TPK", "38TPK123", "38SPK1243535038", "38TPK4982402360", "38IPK1234", "61TPK1234", "hello"]) expect(mgrs(text), text).toBeNull();
  });
});

describe("bearing and distance", () => {
  it("end where the distance says, in the direction of the bearing", () => {
    const east = destination(SHUSHA, 90, 100);
    expect(metresBetween(SHUSHA, east)).toBeCloseTo(100, 3);
    expect(east[0]).toBeGreaterThan(SHUSHA[0]);
    expect(east[1]).toBeCloseTo(SHUSHA[1], 5);
    expect(destination(SHUSHA, 0, 100)[1]).toBeGreaterThan(SHUSHA[1]);
  });

  it("are known no better than their beginning, and worse with the distance", () => {
    expect(accuracyOf(5, 0)).toBe(5);
    expect(accuracyOf(5, 100)).toBeGreaterThan(6);
  });
});

describe("a typed position", () => {
  it("keeps what was typed beside where it is", () => {
    const typed = { ...emptyTyped(), notation: "pulkovo" as const, northing: "44 04 212,8", easting: "8649988.7" };
    const found = read(typed, null);
    near(found?.at, SHUSHA, 5);
    expect(found).toMatchObject({ fix: "map", accuracy_m: 5, as_given: { coordinates: "44 04 212,8 8649988.7", crs: "EPSG:28408" } });
  });

  it("is no better than its notation, and as good as its maker says", () => {
    const typed = { ...emptyTyped(), notation: "mgrs" as const, mgrs: "38S PK 498 023", source: "gnss" as const };
    expect(read(typed, null)).toMatchObject({ fix: "gnss", accuracy_m: 70.8 });
    expect(read({ ...typed, accuracy: "100" }, null)?.accuracy_m).toBe(100);
    expect(read({ ...typed, accuracy: "far" }, null)).toBeNull();
  });

  it("turns a compass bearing by the declination", () => {
    const typed = { ...emptyTyped(), notation: "bearing" as const, bearing: "84", distance: "100", magnetic: true, declination: "6" };
    const found = read(typed, { at: SHUSHA, accuracy_m: 4 });
    near(found?.at, destination(SHUSHA, 90, 100), 0.05);
    expect(found?.fix).toBe("bearing_distance");
    expect(found?.as_given?.coordinates).toBe("84 degrees (magnetic, declination 6), 100 m from 46.749 39.758");
    expect(read({ ...typed, declination: "" }, { at: SHUSHA, accuracy_m: 4 })).toBeNull();
    expect(read(typed, null)).toBeNull();
    expect(read({ ...typed, distance: "50000" }, { at: SHUSHA, accuracy_m: 4 })).toBeNull();
  });
});
