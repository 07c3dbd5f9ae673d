import { describe, expect, it } from "vitest";

import type { RecordFeature } from "../../src/field/record.ts";
import { sendAll } from "../../src/field/send/send.ts";
import { beginAttempt, discard, entries, entriesOf, keepChange, keepDetection, keepNeutralised, mend } from "../../src/field/store/queue.ts";
import { keepTruths } from "../../src/field/store/truths.ts";
import { feature, server, states, team } from "./field-phone.ts";
import { told } from "./recorded.ts";

describe("a later change", () => {
  it("replaces the entry's content if it was never sent", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    await keepNeutralised(made.feature, "2026-11-02", "burned", null, team("Team 4"));
    await sendAll();
    expect(server.uploads).toMatchObject([{ id: made.record, base: null, status: "neutralised" }]);
  });

  it("follows an entry the server may have, based on that entry's revision", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    server.loses = 1;
    await sendAll();
    await keepNeutralised(made.feature, "2026-11-02", "burned", null, team("Team 4"));
    expect(await entriesOf(made.record)).toHaveLength(2);
    await sendAll();
    expect(await states()).toEqual(["sent", "sent"]);
    expect(server.uploads.slice(1)).toMatchObject([{ base: null, status: "detected" }, { base: 101, status: "neutralised" }]);
  });

  it("does not overtake the entry before it while that waits or is refused", async () => {
    const made = await keepDetection(feature("fuze"), team("Team 4"));
    await beginAttempt(made.key, null);
    const after = await keepChange({ ...made.feature, properties: { ...made.feature.properties, kind: "uxo" } }, "correction", null, team("Team 4"));
    expect(after.after).toBe(made.key);
    await sendAll();
    expect((await entriesOf(made.record)).map(({ state }) => state)).toEqual(["refused", "waiting"]);
  });

  it("of a colleague's record names the revision seen; a change in between makes the server hold it", async () => {
    const theirs = feature();
    server.records.set(theirs.id, { revision: 50, content: "{}" });
    await keepNeutralised(theirs, "2026-11-02", "burned", 50, team("Team 4"));
    await sendAll();
    expect(await states()).toEqual(["sent"]);
    const other = feature();
    server.records.set(other.id, { revision: 51, content: "{}" });
    await keepNeutralised(other, "2026-11-02", "burned", 50, team("Team 4"));
    await keepDetection(feature(), team("Team 4"));
    await sendAll();
    expect(await states()).toEqual(["sent", "held", "sent"]);
  });

  it("of a returned record is based on the revision of the return", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    await sendAll();
    server.reviewed.set(made.record, { as: "has_issues", reason: "The place looks wrong" });
    server.records.set(made.record, { revision: 140, content: JSON.stringify(made.feature.properties) });
    await sendAll();
    expect((await entries())[0]).toMatchObject({ state: "returned", reason: "The place looks wrong", revision: 140 });
    server.reviewed.clear();
    await mend(made.key, { ...made.feature, properties: { ...made.feature.properties, note: "Measured again" } });
    await sendAll();
    expect(server.uploads.at(-1)).toMatchObject({ id: made.record, base: 140 });
    expect(await states()).toEqual(["sent"]);
  });

  it("is not returned again by an earlier decision", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    await sendAll();
    await keepTruths([told("has_issues", { id: made.record, revision: 100 })], new Date().toISOString());
    expect(await states()).toEqual(["sent"]);
  });
});

describe("a held entry", () => {
  async function setAside(): Promise<RecordFeature> {
    const theirs = feature();
    server.records.set(theirs.id, { revision: 51, content: "{}" });
    await keepNeutralised(theirs, "2026-11-02", "burned", 50, team("Team 4"));
    await sendAll();
    expect((await entries()).at(-1)).toMatchObject({ state: "held", upload: `of-${theirs.id}`, problems: [{ field: "id" }] });
    return theirs;
  }

  function decide(id: string, decision: "accepted" | "dismissed", reason?: string): void {
    const aside = server.aside.get(id);
    if (aside !== undefined) server.aside.set(id, { ...aside, decision, ...(reason !== undefined && { reason }) });
  }

  it("waits until a manager has decided, and is sent once one accepted it", async () => {
    const { id } = await setAside();
    await sendAll();
    expect(await states()).toEqual(["held"]);
    decide(id, "accepted");
    server.records.set(id, { revision: 60, content: "{}" });
    await sendAll();
    expect((await entries())[0]).toMatchObject({ state: "sent", decided: "accepted", revision: 60 });
  });

  it("is rejected with the manager's reason once dismissed, and can be corrected or discarded", async () => {
    const [one, two] = [await setAside(), await setAside()];
    for (const { id } of [one, two]) decide(id, "dismissed", "Done by Team 9");
    await sendAll();
    expect(await entries()).toMatchObject([{ state: "rejected", reason: "Done by Team 9" }, { state: "rejected", decided: "dismissed" }]);
    const [mended, thrown] = (await entries()).map(({ key }) => key);
    await mend(mended ?? "", { ...one, properties: { ...one.properties, note: "by Team 4 too" } });
    await discard(thrown ?? "");
    // Starts from the server's present state: based on the earlier revision it would conflict forever.
    expect(await entries()).toMatchObject([{ state: "waiting", base: 51, decided: null, upload: null }]);
  });

  it("stays held if the server does not respond, and asking loses nothing", async () => {
    await setAside();
    server.name = null;
    await sendAll();
    server.name = "Team 9";
    await sendAll();
    expect(await states()).toEqual(["held"]);
  });
});
