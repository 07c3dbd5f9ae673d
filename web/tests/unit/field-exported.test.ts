import { strFromU8, unzipSync } from "fflate";
import { expect, it } from "vitest";

import type { RecordFeature } from "../../src/field/record.ts";
import { sendAll } from "../../src/field/send/send.ts";
import { keepPhoto } from "../../src/field/store/photos.ts";
import { entries, keepDetection } from "../../src/field/store/queue.ts";
import { collection, exportQueue } from "../../src/field/store/exported.ts";
import { feature, team } from "./field-phone.ts";

it("the queue's file contains unsent records with the original photos", async () => {
  const hash = await keepPhoto(new Blob(["a picture"], { type: "image/png" }));
  await keepDetection(feature(), team("Team 4"));
  await sendAll();
  await keepDetection(feature("uxo", [hash]), null);
  const files = unzipSync(new Uint8Array(await (await exportQueue()).arrayBuffer()));
  expect(Object.keys(files)).toEqual(["records.geojson", `photos/${hash}.png`]);
  expect(strFromU8(files[`photos/${hash}.png`] ?? new Uint8Array())).toBe("a picture");
  const { features } = JSON.parse(strFromU8(files["records.geojson"] ?? new Uint8Array())) as { features: RecordFeature[] };
  expect(features.map(({ properties }) => properties.kind)).toEqual(["uxo"]);
});

it("the records in it are a collection that can be uploaded as it is", async () => {
  await keepDetection(feature(), null);
  const read = JSON.parse(collection(await entries())) as { type: string; features: RecordFeature[] };
  expect(read.type).toBe("FeatureCollection");
  expect(read.features[0]?.properties.kind).toBe("ap_mine");
});
