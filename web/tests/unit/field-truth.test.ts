import "fake-indexeddb/auto";

import { openDB } from "idb";
import { beforeEach, describe, expect, it } from "vitest";

import { isFar } from "../../src/field/near.ts";
import { newsOf } from "../../src/field/news.ts";
import { neutralised, parted, restated, type RecordFeature } from "../../src/field/record.ts";
import { finder } from "../../src/field/search.ts";
import { basisOf, shownOf, wantedOf, wordOf, type Shown } from "../../src/field/shown.ts";
import { sketch } from "../../src/field/sketch.ts";
import { shownRecords } from "../../src/field/store/areas.ts";
import { database, type Entry, type Known, type Told, type Truth } from "../../src/field/store/db.ts";
import { answer, discard, entries, keepChange, keepDetection, keepNeutralised, keepPart, waitsForRest } from "../../src/field/store/queue.ts";
import { settled } from "../../src/field/store/settle.ts";
import { keepTruths, look, readNews, tidyTruths, truths, worthAsking } from "../../src/field/store/truths.ts";
import { uuid7 } from "../../src/field/uuid.ts";
import { claim, told, type Way } from "./recorded.ts";

const STORES = ["entries", "photos", "known", "packages", "notes", "truths"] as const;
const NOW = "2026-11-30T06:00:00.000Z";

/** An entry from before server states were stored, in the stores of that time. */
const old = { key: uuid7(), record: uuid7(), state: "sent" };
const before = await openDB("clearline-field", 1, {
  upgrade(made) {
    const store = made.createObjectStore("entries", { keyPath: "key" });
    store.createIndex("record", "record");
    store.createIndex("state", "state");
    made.createObjectStore("photos", { keyPath: "sha256" });
    made.createObjectStore("known", { keyPath: "id" }).createIndex("area", "area");
    made.createObjectStore("packages", { keyPath: "id" });
    made.createObjectStore("notes");
  },
});
await before.put("entries", old);
before.close();
const kept = await (await database()).get("entries", old.key);

it("entries waiting from before server states were stored are still there", () => {
  expect(kept).toEqual(old);
});

beforeEach(async () => {
  const db = await database();
  for (const store of STORES) await db.clear(store);
});

function feature(more: Partial<RecordFeature["properties"]> = {}): RecordFeature {
  return { type: "Feature", id: uuid7(), geometry: { type: "Point", coordinates: [46.03, 40.11] }, properties: { kind: "ap_mine", status: "detected", detected_on: "2026-11-01", quantity: 1, ...more } };
}

/** A colleague's record, as downloaded with its district. */
async function fetched(given = feature(), revision = 50): Promise<Known> {
  const known: Known = { id: given.id, area: "AZ-KAL", feature: { ...given, properties: { ...given.properties, revision, review: "submitted" } } };
  await (await database()).put("known", known);
  return known;
}

async function shown(id: string): Promise<Shown> {
  const found = (await shownRecords(await entries())).get(id);
  if (found === undefined) throw new Error("it is not shown");
  return found;
}

/** A record marked as neutralised here, which the server held for a manager. */
async function setAside(): Promise<{ known: Known; entry: Entry }> {
  const known = await fetched();
  const entry = await keepNeutralised(known.feature, "2026-11-02", "burned", 50, null);
  await answer(entry.key, { outcome: "held", problems: [], upload: "of-it" });
  return { known, entry };
}

function hear(way: Way, id: string, more: Partial<Parameters<typeof told>[1]> = {}, at = NOW): Promise<void> {
  return keepTruths([told(way, { id, ...more })], at);
}

describe("a mine that was marked as neutralised here", () => {
  it("counts as detected until the server has it neutralised: waiting, with a manager, dismissed, withdrawn", async () => {
    const known = await fetched();
    const marked = await keepNeutralised(known.feature, "2026-11-02", "burned", 50, null);
    const look = async (): Promise<unknown[]> => {
      const { feature, claims, server, ...rest } = await shown(known.id);
      return [wordOf({ server, claims }), feature.properties.status, ...claims.map((each) => `${wantedOf(each, server)} ${each.where}`), rest.seen];
    };
    expect(await look()).toEqual(["detected", "detected", "neutralised waiting", 50]);
    await answer(marked.key, { outcome: "held", problems: [], upload: "of-it" });
    expect(await look()).toEqual(["detected", "detected", "neutralised held", 50]);
    for (const decision of ["dismissed", "withdrawn"] as const) {
      await hear("submitted", known.id, { revision: 50, feature: known.feature, claims: [claim(decision, "of-it", marked.feature, "Done by Team 9")] });
      expect(await look()).toEqual(["detected", "detected", `neutralised ${decision}`, 50]);
      expect((await entries())[0]).toMatchObject({ state: "rejected", decided: decision, reason: "Done by Team 9", revision: 50 });
      // It waits again for the second case.
      await (await database()).put("entries", { ...marked, state: "held", upload: "of-it" });
    }
    // Downloaded again, the district is unchanged.
    await fetched(known.feature, 50);
    expect((await look())[0]).toBe("detected");
  });

  it("shows a dismissal even after a clock that was years ahead was corrected", async () => {
    const { known, entry } = await setAside();
    const now = { revision: 50, feature: known.feature };
    await hear("pending", known.id, { ...now, claims: [claim("pending", "of-it", entry.feature)] }, "9999-01-01T06:00:00.000Z");
    await hear("dismissed", known.id, { ...now, claims: [claim("dismissed", "of-it", entry.feature, "Still armed")] }, NOW);
    expect((await entries())[0]).toMatchObject({ state: "rejected", decided: "dismissed", reason: "Still armed" });
    // A late response to an earlier request changes nothing.
    await hear("pending", known.id, { ...now, claims: [claim("pending", "of-it", entry.feature)] }, "2026-11-30T05:00:00.000Z");
    expect((await shown(known.id)).claims).toMatchObject([{ where: "dismissed" }]);
    expect((await truths())[0]?.told.claims[0]?.decision).toBe("dismissed");
  });

  it("is neutralised once the server or a manager accepted it", async () => {
    const known = await fetched();
    const sent = await keepNeutralised(known.feature, "2026-11-02", "burned", 50, null);
    await answer(sent.key, { outcome: "sent", revision: 51 });
    expect(wordOf(await shown(known.id))).toBe("neutralised");
    const other = await setAside();
    await hear("accepted", other.known.id, { revision: 60, feature: other.entry.feature, claims: [claim("accepted", "of-it", other.entry.feature)] });
    expect(await shown(other.known.id)).toMatchObject({ claims: [], seen: 60, entry: { state: "sent", decided: "accepted", revision: 60 } });
    expect(wordOf(await shown(other.known.id))).toBe("neutralised");
  });

  it("is not neutralised if refused, nor if it is only on this phone", async () => {
    const known = await fetched();
    const refused = await keepNeutralised(known.feature, "2026-11-02", "burned", 50, null);
    await answer(refused.key, { outcome: "refused", problems: [] });
    expect(wordOf(await shown(known.id))).toBe("detected");
    expect((await shown(known.id)).claims).toMatchObject([{ where: "refused" }]);
    const here = await keepDetection(neutralised(feature(), "2026-11-02", "burned"), null);
    expect(wordOf(await shown(here.record))).toBe("here");
  });

  it("also shows the claim of the team's other phone", async () => {
    const known = await fetched();
    const wanted = neutralised(known.feature, "2026-11-02", "burned");
    await hear("pending", known.id, { revision: 50, feature: known.feature, claims: [claim("pending", "elsewhere", wanted)] });
    expect(await shown(known.id)).toMatchObject({ claims: [{ where: "held", entry: null }] });
    expect(wordOf(await shown(known.id))).toBe("detected");
  });

  it("is superseded by a later change of someone else", async () => {
    const known = await fetched();
    const sent = await keepNeutralised(known.feature, "2026-11-02", "burned", 50, null);
    await answer(sent.key, { outcome: "sent", revision: 51 });
    await hear("submitted", known.id, { revision: 70, feature: known.feature });
    expect(wordOf(await shown(known.id))).toBe("detected");
    expect((await readNews(await entries())).get(known.id)).toMatchObject({ changes: ["changed"], fields: ["status", "neutralised_on", "disposal"] });
  });
});

describe("the news about a record", () => {
  async function sent(given = feature()): Promise<Entry> {
    const made = await keepDetection(given, null);
    await answer(made.key, { outcome: "sent", revision: 101 });
    return made;
  }

  it("that was returned, rejected, moved or deleted is shown, with the reason, until seen", async () => {
    for (const [way, change] of [["has_issues", "returned"], ["rejected", "rejected"], ["deleted", "deleted"], ["moved", "moved"]] as const) {
      const { record, feature } = await sent();
      const at = { ...feature, geometry: { ...feature.geometry, coordinates: way === "moved" ? ([46.034, 40.11] as [number, number]) : feature.geometry.coordinates } };
      await hear(way, record, { revision: 140, reason: "So it is", feature: at });
      const news = (await readNews(await entries())).get(record);
      expect(news).toMatchObject({ changes: [change], reason: "So it is" });
      if (way === "moved") expect(news?.moved).toMatchObject({ from: [46.03, 40.11], metres: expect.closeTo(340, -1) as number });
      if (way === "deleted") expect(wordOf(await shown(record))).toBe("deleted");
      await look([record]);
      expect((await readNews(await entries())).get(record)).toBeUndefined();
    }
    expect((await entries()).map(({ state }) => state)).toEqual(["returned", "rejected", "sent", "sent"]);
  });

  it("that was approved is not shown, and ends a return", async () => {
    const { record, feature } = await sent();
    await hear("has_issues", record, { revision: 140, feature });
    await hear("approved", record, { revision: 150, feature });
    expect(await entries()).toMatchObject([{ state: "sent", revision: 150, reason: null }]);
    expect((await readNews(await entries())).size).toBe(0);
    expect((await shown(record)).server).toMatchObject({ state: "approved", as_of: NOW });
  });

  it("that was held is shown once a manager decided, with the manager's comment", async () => {
    const { known, entry } = await setAside();
    await hear("dismissed", known.id, { revision: 50, feature: known.feature, claims: [claim("dismissed", "of-it", entry.feature, "Still armed")] });
    expect((await readNews(await entries())).get(known.id)).toMatchObject({ changes: ["dismissed"], reason: "Still armed", fields: [] });
  });

  it("that was moved while a claim waits for a manager is shown as well", async () => {
    const { known, entry } = await setAside();
    const feature: RecordFeature = { ...known.feature, geometry: { type: "Point", coordinates: [46.034, 40.11] } };
    await hear("moved", known.id, { revision: 60, feature, claims: [claim("pending", "of-it", entry.feature)] });
    expect((await readNews(await entries())).get(known.id)).toMatchObject({ changes: ["moved"], moved: { from: [46.03, 40.11] } });
    expect(await shown(known.id)).toMatchObject({ seen: 60, claims: [{ where: "held" }], feature: { geometry: { coordinates: [46.034, 40.11] } } });
  });

  it("is not overwritten by an older response, nor by one to a user without access", async () => {
    const { record, feature } = await sent();
    await hear("rejected", record, { revision: 140, feature });
    await hear("submitted", record, { revision: 101, feature });
    await hear("unknown", uuid7());
    expect(await truths()).toMatchObject([{ told: { state: "rejected", revision: 140 } }]);
  });

  it("that was rejected or deleted can be removed from the phone with all answered entries", async () => {
    const made = await sent();
    const { key } = await keepChange({ ...made.feature, properties: { ...made.feature.properties, note: "x" } }, "correction", 101, null);
    await answer(key, { outcome: "sent", revision: 102 });
    await discard(key);
    expect(await entries()).toHaveLength(2);
    await hear("rejected", made.record, { revision: 140, feature: made.feature });
    await discard(key);
    expect(await entries()).toEqual([]);
    await tidyTruths();
    expect(await truths()).toEqual([]);
  });

  it("is requested for all records the server may know, those with a manager first", async () => {
    const taken = await sent();
    await keepDetection(feature(), null);
    const { known } = await setAside();
    const opened = await fetched();
    await hear("submitted", opened.id, { revision: 50 });
    expect(await worthAsking()).toEqual([known.id, taken.record, opened.id]);
  });
});

it("an entry from before uploads were stored is matched by its content", () => {
  const entry = { record: "a", feature: feature(), state: "held", base: null } as unknown as Entry;
  const said: Told = told("unknown", { id: entry.feature.id, claims: [claim("dismissed", "one", feature()), claim("dismissed", "two", entry.feature, "No")] });
  expect(settled(entry, said, true)).toMatchObject({ state: "rejected", reason: "No" });
});

describe("some of several items", () => {
  const part = { quantity: 3, on: "2026-11-02", disposal: "burned", id: uuid7(), note: "3 of 5", reason: "3 of 5 neutralised" } as const;

  it("become a separate record, and every item is in exactly one", () => {
    const whole = feature({ quantity: 5, team: "Team 9", photos: ["a"] });
    const { rest, part: dealtWith } = parted(whole, part);
    expect(rest).toMatchObject({ id: whole.id, properties: { quantity: 2, status: "detected", reason: part.reason, photos: ["a"], team: "Team 9" } });
    expect(dealtWith).toMatchObject({ id: part.id, properties: { quantity: 3, status: "neutralised", note: "3 of 5", part_of: whole.id } });
    for (const name of ["photos", "team", "reason"]) expect(dealtWith.properties).not.toHaveProperty(name);
  });

  it("wait until the server has the rest, and are discarded with it", async () => {
    const known = await fetched(feature({ quantity: 5 }));
    const made = await keepPart(parted(known.feature, part), 50, null);
    const [rest, second] = await entries();
    expect([rest, second]).toMatchObject([{ record: known.id, base: 50 }, { record: part.id, part_of: rest?.key, base: null }]);
    expect(made).toEqual(second);
    const states = ["waiting", "held", "refused", "sent", "returned", "rejected"];
    expect(states.map((state) => waitsForRest({ state } as Entry))).toEqual([true, true, true, false, false, false]);
    expect(waitsForRest({ state: "rejected", decided: "dismissed" })).toBe(true);
    // It cannot be discarded alone: its items were taken from the first record.
    await discard(second?.key ?? "");
    expect(await entries()).toHaveLength(2);
    expect((await shown(known.id)).feature.properties.quantity).toBe(5);
    await answer(rest?.key ?? "", { outcome: "held", problems: [], upload: "of-it" });
    await hear("submitted", known.id, { revision: 50, feature: known.feature, claims: [claim("dismissed", "of-it", rest?.feature ?? feature())] });
    await discard(rest?.key ?? "");
    expect(await entries()).toEqual([]);
  });
});

it("a record set back or discounted has a reason and no disposal", () => {
  const done = neutralised(feature(), "2026-11-02", "burned");
  expect(restated(done, "detected", "Still armed").properties).toEqual({ kind: "ap_mine", status: "detected", detected_on: "2026-11-01", quantity: 1, reason: "Still armed" });
  expect(restated(feature(), "discounted", "A tin").properties).toMatchObject({ status: "discounted", reason: "A tin" });
  expect(neutralised(restated(done, "detected", "Still armed"), "2026-11-03", "burned").properties).not.toHaveProperty("reason");
});

it("a change starts from the unsent version, or else from the server's", async () => {
  const { known, entry } = await setAside();
  expect(basisOf(await shown(known.id))?.properties.status).toBe("detected");
  await answer(entry.key, { outcome: "refused", problems: [] });
  expect(basisOf(await shown(known.id))?.properties.status).toBe("neutralised");
});

it("a record known only from its district, and a state no longer available, are distinguished", () => {
  const truth: Truth = { id: "a", told: told("unknown", { id: "a" }), as_of: NOW, last: feature(), looked: null, looked_at: null };
  const known = { id: "a", area: "AZ-KAL", feature: { ...feature(), properties: { ...feature().properties, revision: 5 } } };
  const word = (fetched_at: string): string => wordOf(shownOf({ own: [], truth, known, fetched_at }) ?? { server: null, claims: [] });
  expect(word("2026-11-30T05:00:00.000Z")).toBe("hidden");
  expect(word("2026-11-30T07:00:00.000Z")).toBe("detected");
  expect(newsOf(truth, [], known.feature)?.changes).toEqual(["hidden"]);
});

it("records are found by kind in three languages, model, team, place in any spelling, and pieces of the id", () => {
  const record = feature({ model: "ПМН-2", team: "Qrup 4", region: "AZ-KAL", note: "by the third pole" });
  const districts = new Map([["AZ-KAL", { en: "Kalbajar", az: "Kəlbəcər" }]]);
  for (const words of ["personnel", "piyada", "противопехотная", "пмн-2", "QRUP 4 pole", "kelbecer", record.id.slice(3, 11), record.id.replaceAll("-", "").slice(6, 14)]) {
    expect(finder(words, districts)?.(record), words).toBe(true);
  }
  expect(finder("pole fuze", districts)?.(record)).toBe(false);
  expect(finder("  ", districts)).toBeNull();
});

it("a user is far from a record if even the near edge of the accuracy circle is", () => {
  expect([isFar(7000, 10), isFar(205, 4), isFar(205, 10), isFar(150, 1)]).toEqual([true, true, false, false]);
});

it("a sketch reaches as far as the phone, and leaves out what is farther", () => {
  const at = (lon: number): Shown => {
    const given: RecordFeature = { ...feature(), geometry: { type: "Point", coordinates: [lon, 40.11] } };
    return { feature: given, server: null, claims: [], entry: null, seen: null };
  };
  const [middle, near, far] = [at(46.03), at(46.0305), at(46.04)];
  const drawn = sketch(middle, [middle, near, far], [46.0307, 40.11]);
  expect(drawn).toMatchObject({ reach_m: 100, spots: [{ north: 0, east: expect.closeTo(42.5, 0) as number }] });
  expect(sketch(middle, [], [46.2, 40.11])).toMatchObject({ reach_m: 50, phone: null });
});
