import { featureFilter } from "@maplibre/maplibre-gl-style-spec";
import { expect, test } from "vitest";

import { paletteOf } from "../../src/map/palette.ts";
import { PLAIN_LAYERS } from "../../src/map/plain.ts";

type Properties = Record<string, string | number>;
const palette = paletteOf("light");

/** The layers of a source layer that draw a feature. */
function drawnBy(sourceLayer: string, type: 1 | 3, properties: Properties) {
  return PLAIN_LAYERS.filter((layer, at) => {
    if (!("source-layer" in layer) || layer["source-layer"] !== sourceLayer) return false;
    const { filter } = featureFilter(layer.filter, `layers[${at}].filter`);
    return filter({ zoom: 9 }, { type, properties });
  });
}

function circle(sourceLayer: string, properties: Properties) {
  const layers = drawnBy(sourceLayer, 1, properties);
  expect(layers.map((layer) => layer.id), JSON.stringify(properties)).toHaveLength(1);
  const layer = layers[0];
  if (layer?.type !== "circle") throw new Error("not a circle");
  return { radius: layer.paint?.["circle-radius"] as number, colour: layer.paint?.["circle-color"], around: layer.paint?.["circle-stroke-color"] };
}

test("every cell is drawn once, sized by its items and coloured by their status", () => {
  const counts = [0, 1, 4, 5, 19, 20, 99, 100, 499, 500, 12_345];
  for (const detected of counts) {
    for (const neutralised of counts) circle("cells", { quantity: Math.max(1, detected + neutralised), detected, neutralised });
  }
  const radii = [1, 5, 20, 100, 500].map((n) => circle("cells", { quantity: n, detected: n, neutralised: 0 }).radius);
  expect(radii).toEqual([...new Set(radii)].sort((a, b) => a - b));
  expect(circle("cells", { quantity: 30, detected: 30, neutralised: 0 }).colour).toBe(palette.detected);
  expect(circle("cells", { quantity: 30, detected: 0, neutralised: 30 }).colour).toBe(palette.neutralised);
  const mixed = [10, 20].map((detected) => circle("cells", { quantity: 30, detected, neutralised: 30 - detected }).colour);
  expect(new Set([palette.detected, palette.neutralised, ...mixed]).size).toBe(4);
});

test("every record is drawn once, in the colours of its status", () => {
  expect(circle("detections", { status: "detected" })).toMatchObject({ colour: palette.detected, around: palette.paper });
  expect(circle("detections", { status: "neutralised" })).toMatchObject({ colour: palette.paper, around: palette.neutralised });
  expect(circle("detections", { status: "discounted" })).toMatchObject({ colour: palette.paper, around: palette.quietInk });
});

test("every district is drawn once, by the share of its items that are neutralised", () => {
  const colour = (more: Properties) => {
    const fills = drawnBy("regions", 3, { level: "district", ...more }).filter(({ id }) => id.startsWith("districts"));
    expect(fills, JSON.stringify(more)).toHaveLength(1);
    return fills[0]?.type === "fill" ? fills[0].paint?.["fill-color"] : undefined;
  };
  expect(colour({})).toBe(palette.noData);
  expect([0, 0.2, 0.4, 0.6, 0.8].map((share) => colour({ share }))).toEqual(palette.steps.share);
  expect([0.19, 0.39, 0.59, 0.79, 1].map((share) => colour({ share }))).toEqual(palette.steps.share);
});

test("no layer needs more of a program than filters, constants and sizes by zoom", () => {
  const unread = /"(match|case|step|coalesce|concat|number-format|feature-state|literal)"/;
  for (const layer of PLAIN_LAYERS) expect(JSON.stringify(layer)).not.toMatch(unread);
});
