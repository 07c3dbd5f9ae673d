import { expect, test } from "vitest";

import type { DetectionFeature } from "../../src/shared/api/types.ts";
import { coarseRadius } from "../../src/collections/detections/layers/coarse.ts";
import { TABLE } from "../../src/collections/detections/table.ts";
import { differing, valueText } from "../../src/collections/values.ts";
import { speak } from "../../src/shared/text/index.ts";
import { placeText } from "../../src/shared/text/place.ts";

function record(lon: number, properties: Partial<DetectionFeature["properties"]>): DetectionFeature {
  return {
    type: "Feature",
    id: "018f3c1e-7a44-7cc1-9d5e-2f0a4b1c9e01",
    geometry: { type: "Point", coordinates: [lon, 40] },
    properties: { kind: "ap_mine", quantity: 1, detected_on: "2023-05-01", status: "detected", review: "submitted", ...properties },
  };
}

test("differences are named, the place first; the server's own fields do not count", () => {
  expect(differing(record(46, { revision: 1 }), record(46, { revision: 2, review: "approved" }))).toEqual([]);
  expect(differing(record(46, {}), record(46.1, { model: "PMN-2" }))).toEqual(["location", "model"]);
});

test("values are written as a reader wants them", () => {
  const en = speak("en");
  expect(valueText(en, TABLE, record(46.5, {}), "location")).toBe("40.00000° N, 46.50000° E");
  expect(valueText(en, TABLE, record(46, {}), "kind")).toBe("Anti-personnel mine");
  expect(valueText(en, TABLE, record(46, {}), "detected_on")).toBe("1 May 2023");
  expect(valueText(en, TABLE, record(46, {}), "model")).toBe("–");
  expect(valueText(en, TABLE, null, "kind")).toBe("–");
});

test("a public cell's circle contains its zoom-15 tile, corners included", () => {
  expect(coarseRadius(15)).toBeCloseTo(Math.hypot(256, 256));
  expect(coarseRadius(12)).toBeCloseTo(Math.hypot(32, 32));
});

test("a place includes its hemispheres, so that its order is unambiguous", () => {
  expect(placeText([46.3, 39.7], 6)).toBe("39.700000° N, 46.300000° E");
  expect(placeText([-70.123456, -33.5])).toBe("33.50000° S, 70.12346° W");
});
