import { expect, test } from "vitest";

import { nameIn, positionsIn } from "../../src/panel/wanted.ts";

/** West, south, east and north of the country. */
const COUNTRY = [44.7, 38.3, 50.7, 41.95];

test("a kind of place beside the name is not part of the name", () => {
  expect(nameIn("Lachin town")).toEqual({ name: "Lachin", isPlace: true });
  expect(nameIn("Kalbajar village")).toEqual({ name: "Kalbajar", isPlace: true });
  expect(nameIn("Laçın şəhəri")).toEqual({ name: "Laçın", isPlace: true });
  expect(nameIn("село Кельбаджар")).toEqual({ name: "Кельбаджар", isPlace: true });
  expect(nameIn("Kəlbəcər rayonu")).toEqual({ name: "Kəlbəcər", isPlace: false });
  expect(nameIn("Town")).toEqual({ name: "Town", isPlace: false });
  expect(nameIn("East Zangezur")).toEqual({ name: "East Zangezur", isPlace: false });
});

test("positions are read in the notations that people paste", async () => {
  for (const text of ["39.76006, 46.74989", "46.74989 39.76006", "39°45'36.2\"N 46°44'59.6\"E", "https://maps.example/?q=39.76006,46.74989", "geo:39.76006,46.74989"]) {
    const found = await positionsIn(text, COUNTRY);
    expect(found.length, text).toBe(1);
    expect(found[0]?.[0], text).toBeCloseTo(46.75, 2);
    expect(found[0]?.[1], text).toBeCloseTo(39.76, 2);
  }
  const [square] = await positionsIn("38S PJ 49824 02360", COUNTRY);
  expect(square).toBeDefined();
});

test("names, years and broken numbers are no positions", async () => {
  for (const text of ["Lachin", "2023", "95.5, 200", "12, 34, 56, 78", "Team 7"]) expect(await positionsIn(text, COUNTRY), text).toEqual([]);
});
