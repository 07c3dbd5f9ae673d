import { describe, expect, it } from "vitest";

import { draftOf, emptyDraft, featureOf, revived, type Draft } from "../../src/field/draft.ts";
import { emptyTyped, type Typed } from "../../src/field/position/typed.ts";
import { neutralised, sendable, today, type RecordFeature } from "../../src/field/record.ts";
import { readRoute, writeRoute } from "../../src/field/route.ts";
import { az } from "../../src/field/text/az.ts";
import { en } from "../../src/field/text/en.ts";
import { ru } from "../../src/field/text/ru.ts";

const theirs: RecordFeature = {
  type: "Feature",
  id: "b9bf9cd9-d4e8-8fd0-8991-c45136f7ad92",
  geometry: { type: "Point", coordinates: [46.0270092, 40.1161505] },
  properties: {
    kind: "ap_mine", model: "PMN-E", quantity: 2, depth_cm: 6, detected_on: "2023-08-22", status: "detected", operator: "Some operator", accuracy_m: 0.8,
    fix: "gnss", photos: ["ab"], note: "By the road", extra: { of: "somebody" }, region: "AZ-KAL", review: "approved", revision: 7, updated_at: "2026-01-01T00:00:00Z",
  },
};

describe("a form", () => {
  it("becomes a record once it has a place and a kind", () => {
    const draft = emptyDraft();
    expect(featureOf(draft)).toBeNull();
    draft.kind = "uxo";
    expect(featureOf(draft)).toBeNull();
    draft.position = { at: [46.3, 39.7], fix: "gnss", accuracy_m: 4, as_given: null };
    const made = featureOf({ ...draft, depth: " 12,5 ", model: "  ", note: "a" });
    expect(made?.id).toBe(draft.record);
    expect(made?.properties).toEqual({ status: "detected", kind: "uxo", detected_on: today(), quantity: 1, fix: "gnss", accuracy_m: 4, depth_cm: 12.5, note: "a" });
  });

  it("returns a record unchanged, with properties it does not show and without the server's", () => {
    const { region, review, revision, updated_at, ...own } = theirs.properties;
    expect([region, review, revision, updated_at]).not.toContain(undefined);
    expect(featureOf(draftOf(theirs, { key: null, seen: 7 }))?.properties).toEqual(own);
    expect(sendable(theirs).properties).toEqual(own);
  });

  it("is not a record without a quantity", () => {
    const draft = { ...draftOf(theirs, { key: null, seen: 7 }) };
    for (const quantity of [NaN, 0, -1, 2.5, 1_000_001]) expect(featureOf({ ...draft, quantity })).toBeNull();
    expect(featureOf({ ...draft, quantity: 1_000_000 })?.properties.quantity).toBe(1_000_000);
  });

  it("stored by an earlier version of the page gets the new fields", () => {
    const old = structuredClone({ ...emptyDraft(), note: "begun" }) as Partial<Draft> & { typed: Partial<Typed> };
    for (const name of ["day_sure", "day_recorded"] as const) Reflect.deleteProperty(old, name);
    for (const name of ["unit", "scale", "from_here"] as const) Reflect.deleteProperty(old.typed, name);
    old.typed.mgrs = "38S PK 4982 0236";
    const draft = revived(old as Draft);
    expect(draft).toMatchObject({ note: "begun", day_sure: null, day_recorded: null });
    expect(draft.typed).toEqual({ ...emptyTyped(), mgrs: "38S PK 4982 0236" });
  });

  it("treats an accuracy of 0 as unknown", () => {
    const made = featureOf(draftOf({ ...theirs, properties: { ...theirs.properties, accuracy_m: 0 } }, { key: null, seen: 7 }));
    expect(made?.properties).not.toHaveProperty("accuracy_m");
  });

  it("removes emptied values", () => {
    const made = featureOf({ ...draftOf(theirs, { key: null, seen: 7 }), model: "", note: "", depth: "", photos: [] });
    for (const name of ["model", "note", "depth_cm", "photos"]) expect(made?.properties).not.toHaveProperty(name);
  });
});

it("a neutralised record keeps everything else", () => {
  const { properties } = neutralised(theirs, "2026-11-23", "burned");
  expect(properties).toMatchObject({ status: "neutralised", neutralised_on: "2026-11-23", disposal: "burned", operator: "Some operator", extra: { of: "somebody" } });
});

it("a day is the one where the phone is", () => {
  expect(today(new Date(2026, 0, 5, 0, 30))).toBe("2026-01-05");
});

it("the address leads back to its screen, and anything else to the first", () => {
  expect(readRoute(writeRoute({ screen: "entry", id: "a/b" }))).toEqual({ screen: "entry", id: "a/b" });
  expect(readRoute("#nonsense/1").screen).toBe("take");
  expect(readRoute("")).toEqual({ screen: "take", id: "" });
});

it("no text of any language is empty", () => {
  for (const texts of [en, az, ru]) {
    // Only some languages have overlong words.
    const { breaks, ...all } = texts;
    expect(breaks.every((word) => word.includes("\u00ad"))).toBe(true);
    const said = Object.values(all).flatMap((text) => (typeof text === "object" ? Object.values<unknown>(text) : [text]));
    expect(said.filter((text) => typeof text === "string" && text.trim() === "")).toEqual([]);
  }
});
