import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { MODEL_YEARS, declination } from "../../src/field/position/magnetic.ts";

interface Vector {
  place: string;
  lon: number;
  lat: number;
  day: string;
  model: string;
  declination: number;
}

const vectors = JSON.parse(readFileSync(new URL("../../../tests/vectors/magnetic.json", import.meta.url), "utf8")) as Vector[];

describe("the declination", () => {
  it.each(vectors)("of $place on $day is that of $model", ({ lon, lat, day, model, declination: wanted }) => {
    const found = declination([lon, lat], day);
    expect(found?.model).toBe(model);
    // The page shows tenths.
    expect(Math.abs((found?.degrees ?? 99) - wanted)).toBeLessThan(0.06);
  });

  it("is available from the first to the last day of the models", () => {
    const [first, last] = MODEL_YEARS;
    for (const [day, model] of [[`${first}-01-01`, "WMM2020"], ["2024-12-31", "WMM2020"], ["2025-01-01", "WMM2025"], [`${last}-12-31`, "WMM2025"]] as const) expect(declination([46.7, 39.7], day)?.model).toBe(model);
    for (const day of [`${first - 1}-12-31`, `${last + 1}-01-01`, "", "nonsense"]) expect(declination([46.7, 39.7], day)).toBeNull();
  });
});
