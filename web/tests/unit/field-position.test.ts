import { describe, expect, it } from "vitest";

import { angle } from "../../src/field/position/angle.ts";
import { radius95, systemOf } from "../../src/field/position/accuracy.ts";
import { accuracyOf, destination, metresBetween } from "../../src/field/position/bearing.ts";
import type { District } from "../../src/field/position/district.ts";
import { doubtsOf, mirrored } from "../../src/field/position/doubts.ts";
import { pulkovo, utm } from "../../src/field/position/grids.ts";
import { mgrs } from "../../src/field/position/mgrs.ts";
import { emptyTyped, read, type Position, type Typed } from "../../src/field/position/typed.ts";
import type { LonLat } from "../../src/shared/api/types.ts";

/** The places and coordinates of the server's own tests, from PROJ. */
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

  it("are refused if invalid, of the other axis, or out of range", () => {
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
    expect(mgrs("38TPK1243535038")?.step_m).toBeCloseTo(0.7, 1);
    expect(mgrs("38TPK124350")?.step_m).toBeCloseTo(70.7, 1);
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

  it("are no more accurate than their start, and less with distance", () => {
    expect(accuracyOf(5, 0)).toBe(5);
    expect(accuracyOf(5, 100)).toBeGreaterThan(6);
  });
});

const DAY = "2026-11-30";

describe("a typed position", () => {
  it("keeps what was typed beside where it is", () => {
    const typed = { ...emptyTyped(), notation: "pulkovo" as const, northing: "44 04 212,8", easting: "8649988.7" };
    const [found] = read(typed, { here: null, day: DAY }).positions;
    near(found?.at, SHUSHA, 5);
    expect(found).toMatchObject({ fix: "map", as_given: { coordinates: "44 04 212,8 8649988.7", crs: "EPSG:28408" } });
  });

  it("is no more accurate than its map, receiver and digits allow, and as accurate as its author states", () => {
    const accuracy = (part: Partial<Typed>): number | null | undefined => read({ ...emptyTyped(), notation: "mgrs", mgrs: "38S PK 49824 02360", ...part }, { here: null, day: DAY }).positions[0]?.accuracy_m;
    expect(accuracy({})).toBe(50.1);
    expect(accuracy({ scale: 25_000 })).toBe(25.1);
    expect(accuracy({ accuracy: "3" })).toBe(50.1);
    expect(accuracy({ accuracy: "120" })).toBe(120.1);
    expect(accuracy({ source: "gnss" })).toBe(15.1);
    expect(accuracy({ source: "gnss", accuracy: "4" })).toBe(4.1);
    expect(accuracy({ source: "gnss", mgrs: "38S PK 498 023" })).toBe(72.3);
    for (const wrong of ["far", "0", "-3", "1001"]) expect(read({ ...emptyTyped(), notation: "mgrs", mgrs: "38S PK 49824 02360", accuracy: wrong }, { here: null, day: DAY })).toEqual({ positions: [], faults: { accuracy: "accuracy" } });
  });

  it("turns a compass bearing by the declination", () => {
    const typed = { ...emptyTyped(), notation: "bearing" as const, bearing: "84", distance: "100", declination: "6" };
    const here = { at: SHUSHA, accuracy_m: 4 };
    const [found] = read(typed, { here, day: DAY }).positions;
    near(found?.at, destination(SHUSHA, 90, 100), 0.05);
    expect(found?.fix).toBe("bearing_distance");
    expect(found?.as_given?.coordinates).toBe("84 degrees (magnetic, declination 6), 100 m from 46.749 39.758");
    expect(read(typed, { here: null, day: DAY }).positions).toEqual([]);
    expect(read({ ...typed, distance: "50000" }, { here, day: DAY }).faults).toEqual({ distance: "distance" });
  });
});

describe("the radius that the phone reports", () => {
  it("is converted to the 95 % radius", () => {
    expect(radius95(5, systemOf("Mozilla/5.0 (Linux; Android 14; Pixel 7) Chrome/140"))).toBeCloseTo(8.11, 2);
    expect(radius95(5, systemOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"))).toBeCloseTo(8.65, 2);
    expect(radius95(5, systemOf("Mozilla/5.0 (X11; Linux x86_64) Chrome/140"))).toBeCloseTo(5, 9);
  });

  it("is unknown if it is 0, and never good", () => {
    for (const told of [0, -1, NaN, Infinity, null, undefined]) expect(radius95(told, "android")).toBeNull();
  });
});

describe("the doubts about a position", () => {
  const square: District = { id: "X", names: { en: "X", az: "X", ru: "X" }, polygons: [[[[46, 39], [47, 39], [47, 40], [46, 40], [46, 39]], [[46.4, 39.4], [46.6, 39.4], [46.6, 39.6], [46.4, 39.6], [46.4, 39.4]]]] };
  const at = (lon: number, lat: number, accuracy_m: number | null = 5): Position => ({ at: [lon, lat], fix: "gnss", accuracy_m, as_given: null });

  it.each([
    [at(46.3, 39.7), []],
    [at(0, 0), ["zero"]],
    [at(0.005, -0.005), ["zero"]],
    [at(39.7, 46.3), ["outside"]],
    [at(44.5, 40.2), ["outside"]],
    // A hole, and the margin around the boundary.
    [at(46.5, 39.5), ["outside"]],
    [at(45.99, 39.5), []],
    [at(45.97, 39.5), ["outside"]],
    [at(46.3, 39.7, 150_000), ["coarse"]],
    [at(46.3, 39.7, null), []],
    [{ ...at(0, 0), sure: true }, []],
  ] as const)("%o: %o", (position, doubts) => {
    expect(doubtsOf(position, [square])).toEqual(doubts);
  });

  it("are limited to those detectable without the districts", () => {
    expect(doubtsOf(at(39.7, 46.3), [])).toEqual([]);
    expect(doubtsOf(at(0, 0), [])).toEqual(["zero"]);
  });

  it("come with the likely place", () => {
    expect(mirrored(at(39.7, 46.3), [square])).toEqual({ mirror: "axes", position: { ...at(46.3, 39.7), as_given: { coordinates: "39.7 46.3", crs: "OGC:CRS84, longitude and latitude exchanged" } } });
    expect(mirrored(at(46.3, -39.7), [square])?.mirror).toBe("lat");
    expect(mirrored(at(-46.3, 39.7), [square])?.mirror).toBe("lon");
    expect(mirrored(at(10, 10), [square])).toBeNull();
  });
});
