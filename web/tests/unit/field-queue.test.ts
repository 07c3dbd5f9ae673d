import { describe, expect, it } from "vitest";

import { sendAll } from "../../src/field/send/send.ts";
import { readAnswer } from "../../src/field/send/answers.ts";
import { pauseAfter } from "../../src/field/send/when.ts";
import { discard, entries, entriesOf, keepDetection, mend, takeOver } from "../../src/field/store/queue.ts";
import { uuid7 } from "../../src/field/uuid.ts";
import { feature, server, states, team } from "./field-phone.ts";

describe("the queue", () => {
  it("sends waiting entries in order of creation, each once", async () => {
    for (let i = 0; i < 5; i++) await keepDetection(feature(), team("Team 4"));
    const made = await entries();
    expect(await sendAll()).toMatchObject({ end: "done", left: 0 });
    await sendAll();
    expect(server.uploads.map(({ id }) => id)).toEqual(made.map(({ record }) => record));
    expect(await states()).toEqual(Array(5).fill("sent"));
  });

  it("is sent from one tab at a time", async () => {
    for (let i = 0; i < 3; i++) await keepDetection(feature(), team("Team 4"));
    const passes = await Promise.all([sendAll(), sendAll()]);
    expect(passes.map(({ end }) => end)).toEqual(["done", "elsewhere"]);
    expect(server.uploads).toHaveLength(3);
  });

  it("continues after a refused entry, which can be corrected and sent again", async () => {
    await keepDetection(feature(), team("Team 4"));
    const bad = await keepDetection(feature("fuze"), team("Team 4"));
    await keepDetection(feature(), team("Team 4"));
    await sendAll();
    expect(await states()).toEqual(["sent", "refused", "sent"]);
    expect((await entriesOf(bad.record))[0]?.problems).toEqual([{ field: "depth_cm", value: "20000", reason: "is outside 0..10000", code: "out_of_range" }]);
    expect(await mend(bad.key, { ...bad.feature, properties: { ...bad.feature.properties, kind: "uxo" } })).toBe(true);
    await sendAll();
    expect(await states()).toEqual(["sent", "sent", "sent"]);
    const keys = server.uploads.filter(({ id }) => id === bad.record).map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  it("sends again with the same key when the answer was lost, and the record is there once", async () => {
    await keepDetection(feature(), team("Team 4"));
    server.loses = 1;
    expect(await sendAll()).toMatchObject({ end: "no-way", left: 1 });
    expect((await entries())[0]).toMatchObject({ state: "waiting", n_unanswered: 1 });
    await sendAll();
    expect((await entries())[0]).toMatchObject({ state: "sent", n_unanswered: 0, revision: 101 });
    expect(new Set(server.uploads.map(({ key }) => key)).size).toBe(1);
    expect(server.records.size).toBe(1);
  });

  it("keeps everything while there is no network, and while nobody is signed in", async () => {
    await keepDetection(feature(), null);
    server.reachable = false;
    expect(await sendAll()).toMatchObject({ end: "no-way", left: 1 });
    server.reachable = true;
    server.name = null;
    expect(await sendAll()).toMatchObject({ end: "sign-in", left: 1 });
    expect(server.uploads).toEqual([]);
    server.name = "Team 4";
    await sendAll();
    expect(await states()).toEqual(["sent"]);
  });

  it("waits if the server is overloaded, without counting the attempt", async () => {
    await keepDetection(feature(), team("Team 4"));
    server.status = 503;
    const pass = await sendAll();
    expect(pass).toEqual({ end: "wait", left: 1, photos: 0, seconds: 7, progress: false });
    expect(pauseAfter(pass, 9)).toBe(7000);
    expect((await entries())[0]?.n_unanswered).toBe(0);
  });

  it("continues after an entry at which the server fails", async () => {
    await keepDetection(feature(), team("Team 4"));
    await keepDetection(feature(), team("Team 4"));
    server.status = 500;
    expect(await sendAll()).toMatchObject({ end: "done", left: 2 });
    server.status = 200;
    expect(await sendAll()).toMatchObject({ end: "done", left: 0 });
    expect(server.records.size).toBe(2);
  });

  it("skips entries of another operator's team with the same name", async () => {
    const other = await keepDetection(feature(), team("Team 4", "HALO"));
    server.operator = "ANAMA";
    await sendAll();
    expect(server.uploads).toEqual([]);
    server.operator = "HALO";
    await sendAll();
    expect(server.uploads.map(({ id }) => id)).toEqual([other.record]);
  });

  it("skips another person's entries until they sign in or someone takes them over", async () => {
    const other = await keepDetection(feature(), team("Team 9"));
    await sendAll();
    expect(server.uploads).toEqual([]);
    await takeOver(other.key, team("Team 4"));
    await sendAll();
    expect(await states()).toEqual(["sent"]);
  });

  it("discards only what the server does not have and the author may discard", async () => {
    const bad = await keepDetection(feature("fuze"), team("Team 4"));
    const good = await keepDetection(feature(), team("Team 4"));
    await sendAll();
    await discard(bad.key);
    await discard(good.key);
    expect((await entries()).map(({ key }) => key)).toEqual([good.key]);
  });
});

describe("an answer", () => {
  it("that is not a report is not trusted", () => {
    expect(readAnswer(200, null, null)).toEqual({ outcome: "later" });
    expect(readAnswer(200, { hello: "this is the hotel's network" }, null)).toEqual({ outcome: "later" });
  });

  it("always includes a reason", () => {
    expect(readAnswer(413, null, null)).toEqual({ outcome: "refused", problems: [{ field: null, value: null, reason: "HTTP 413", code: null }] });
    expect(readAnswer(403, { detail: "not in this region" }, null)).toMatchObject({ problems: [{ reason: "not in this region" }] });
    expect(readAnswer(200, { refused: 1, problems: [{ field: "kind", reason: "?" }] }, null)).toMatchObject({ outcome: "refused", problems: [{ field: "kind" }] });
    expect(readAnswer(422, { type: "urn:clearline:problem:photo", detail: "?" }, null)).toMatchObject({ problems: [{ code: "photo" }] });
    expect(readAnswer(200, { held: 1 }, null)).toMatchObject({ outcome: "held" });
    expect(readAnswer(202, { type: "urn:clearline:problem:waiting" }, null)).toEqual({ outcome: "later" });
    expect(readAnswer(409, { type: "urn:clearline:problem:in-progress" }, "2")).toEqual({ outcome: "later" });
    expect(readAnswer(409, { type: "urn:clearline:problem:conflict" }, null)).toMatchObject({ outcome: "refused" });
    expect(readAnswer(401, null, null)).toEqual({ outcome: "sign-in" });
  });
});

it("ids are UUIDs of version 7 in the order of time", () => {
  expect(uuid7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const many = Array.from({ length: 100 }, () => uuid7());
  expect([...many].sort()).toEqual(many);
  const later = "0fffffff-ffff-7000-8000-000000000000";
  expect(uuid7(later) > later).toBe(true);
});
