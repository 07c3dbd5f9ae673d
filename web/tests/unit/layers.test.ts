import { featureFilter } from "@maplibre/maplibre-gl-style-spec";
import { expect, test } from "vitest";

import { CELLS_FROM, type Drawing } from "../../src/map/layer.ts";
import { NO_DATA, noneLabel } from "../../src/map/layers/districts.ts";
import { SHARE } from "../../src/map/measure.ts";
import { paletteOf } from "../../src/map/palette.ts";
import { layersOf } from "../../src/map/style.ts";

const drawing: Drawing = { palette: paletteOf("light"), lang: "en", fullRing: 50, region: null, measure: SHARE, coarse: false, leaf: 0, turning: false, turnMs: 0 };
const layers = new Map(layersOf(drawing).map((layer) => [layer.id, layer]));

/** The layers among these that draw the label of a district. */
function written(ids: readonly string[], properties: { step: number; quantity: number }): string[] {
  return ids.filter((id) => {
    const layer = layers.get(id);
    if (layer === undefined || !("filter" in layer)) return false;
    return featureFilter(layer.filter, id).filter({ zoom: 8 }, { type: 1, properties });
  });
}

test("names of towns wait until the colours of the districts are gone, on which they could not be read", () => {
  for (const id of ["places", "place-dots"]) expect(layers.get(id)?.minzoom).toBe(CELLS_FROM);
});

test("of overlapping rings only one shows its number", () => {
  expect(layers.get("cells")?.layout).not.toHaveProperty("text-allow-overlap");
  expect(layers.get("cells")?.layout).not.toHaveProperty("text-ignore-placement");
});

test("a district with a colour has a number on it, 0 too; a hatched one only its name", () => {
  const both = ["district-labels", "district-names"];
  expect(written(both, { step: 4, quantity: 0 })).toEqual(["district-labels"]);
  expect(written(both, { step: 0, quantity: 12 })).toEqual(["district-labels"]);
  expect(written(both, { step: NO_DATA, quantity: 0 })).toEqual(["district-names"]);
});

test("a hatch means no data only if nothing is recorded, whatever kinds are chosen", () => {
  expect(noneLabel(SHARE, false)).toBe("noData");
  expect(noneLabel(SHARE, true)).toBe("noMatch");
  expect(noneLabel({ of: "detected", full: 10 }, true)).toBe("noneIn");
});
