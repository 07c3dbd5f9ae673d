import "fake-indexeddb/auto";

import { strFromU8, unzipSync } from "fflate";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { RecordFeature } from "../../src/field/record.ts";
import { sendAll } from "../../src/field/send/send.ts";
import { readAnswer } from "../../src/field/send/answers.ts";
import { pauseAfter } from "../../src/field/send/when.ts";
import { NoRoom, database } from "../../src/field/store/db.ts";
import { keepPhoto, photo, tidyPhotos } from "../../src/field/store/photos.ts";
import { beginAttempt, discard, entries, entriesOf, keepChange, keepDetection, keepNeutralised, mend, takeOver } from "../../src/field/store/queue.ts";
import { keepTruths } from "../../src/field/store/truths.ts";
import { collection, exportQueue } from "../../src/field/store/exported.ts";
import { uuid7 } from "../../src/field/uuid.ts";
import type { Author } from "../../src/field/who.ts";
import { claim, report, told, type Way } from "./recorded.ts";

function team(name: string, operator: string | null = null): Author {
  return { name, operator };
}

/** A server as the field page knows it: what it has, and what it is told to do wrong. */
class Server {
  readonly uploads: { key: string; id: string; base: number | null; kind: unknown; status: unknown }[] = [];
  readonly records = new Map<string, { revision: number; content: string }>();
  readonly photos = new Map<string, Uint8Array>();
  readonly #answers = new Map<string, unknown>();
  name: string | null = "Team 4";
  operator: string | null = null;
  reachable = true;
  /** Takes what is sent, and its answer is lost. */
  loses = 0;
  /** Breaks off after this many parts of photos. */
  partsLeft = Number.POSITIVE_INFINITY;
  /** Photos of which it says, once it has all of them, that they are none: so often. */
  readonly refuses = new Map<string, number>();
  /** What has come of a photo was damaged: it asks for it from here on, once. */
  damagedFrom: number | null = null;
  /** Photos that it has as a whole, of which the test has no bytes. */
  readonly whole = new Set<string>();
  readonly log: ("record" | "part")[] = [];
  onPart: () => unknown = () => undefined;
  status = 200;
  /** What managers made of records, where that is more than to leave them as they came. */
  readonly reviewed = new Map<string, { as: Way; reason?: string }>();
  /** What was set aside, by record, and what managers made of it. */
  readonly aside = new Map<string, { feature: RecordFeature; decision: "pending" | "accepted" | "dismissed"; reason?: string }>();
  #revision = 100;

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    if (!this.reachable) throw new TypeError("no network");
    const [path = "", query = ""] = url.split("?");
    if (path === "/me") return Response.json({ name: this.name, operator: this.operator });
    if (path.startsWith("/photos/")) return this.#photo(path.slice(8), init);
    if (path === "/me/records") return this.#tell((JSON.parse(init.body as string) as { ids: string[] }).ids);
    if (path.startsWith("/collections/")) return Response.json({ properties: this.#item(path.split("/").at(-1) ?? "") });
    if (this.status !== 200) return new Response("{}", { status: this.status, headers: { "Retry-After": "7" } });
    const answer = this.#upload(init, query.includes("update=true"));
    if (this.loses > 0) {
      this.loses -= 1;
      throw new TypeError("the answer was lost");
    }
    return answer;
  };

  #tell(ids: readonly string[]): Response {
    if (this.name === null) return Response.json({}, { status: 401 });
    const records = ids.map((id) => {
      const [now, aside] = [this.records.get(id), this.aside.get(id)];
      const claims = aside === undefined || this.name !== "Team 4" ? [] : [claim(aside.decision, `of-${id}`, aside.feature, aside.reason)];
      if (now === undefined) return told("unknown", { id, claims });
      const { as, reason } = this.reviewed.get(id) ?? { as: "submitted" as const };
      const properties = JSON.parse(now.content) as RecordFeature["properties"];
      return told(as, { id, revision: now.revision, reason, feature: { geometry: { type: "Point", coordinates: [46.3, 39.7] }, properties }, claims });
    });
    return Response.json({ records });
  }

  async #photo(hash: string, { method, headers, body }: RequestInit): Promise<Response> {
    if (this.whole.has(hash)) return new Response(null, { status: 200 });
    const have = this.photos.get(hash) ?? new Uint8Array();
    if (method === "HEAD") return have.length === 0 ? new Response(null, { status: 404 }) : new Response(null, { status: 204, headers: { "Upload-Offset": String(have.length) } });
    this.log.push("part");
    await this.onPart();
    if (this.partsLeft-- <= 0) throw new TypeError("no network");
    const said = headers as Record<string, string>;
    if (Number(said["Upload-Offset"]) !== have.length) return new Response(null, { status: 409, headers: { "Upload-Offset": String(have.length) } });
    const part = new Uint8Array(await (body as Blob).arrayBuffer());
    const all = new Uint8Array(Buffer.concat([have, part]));
    const isWhole = all.length === Number(said["Upload-Length"]);
    if (isWhole && this.damagedFrom !== null) {
      this.photos.set(hash, all.slice(0, this.damagedFrom));
      const offset = String(this.damagedFrom);
      this.damagedFrom = null;
      return Response.json({ type: "urn:clearline:problem:offset" }, { status: 409, headers: { "Upload-Offset": offset } });
    }
    const refuses = this.refuses.get(hash) ?? 0;
    if (isWhole && refuses > 0) {
      this.refuses.set(hash, refuses - 1);
      this.photos.delete(hash);
      return Response.json({ type: "urn:clearline:problem:photo", detail: "it is no picture" }, { status: 422 });
    }
    this.photos.set(hash, all);
    return new Response(null, { status: isWhole ? 201 : 204, headers: { "Upload-Offset": String(all.length) } });
  }

  #item(id: string): object {
    const { revision, content = "{}" } = this.records.get(id) ?? {};
    return { ...(JSON.parse(content) as object), revision };
  }

  #upload({ headers, body }: RequestInit, update: boolean): Response {
    const key = (headers as Record<string, string>)["Idempotency-Key"] ?? "";
    const { id, properties } = JSON.parse(body as string) as { id: string; properties: Record<string, unknown> };
    const { base_revision: base = null, ...content } = properties;
    this.log.push("record");
    this.uploads.push({ key, id, base: base as number | null, kind: content.kind, status: content.status });
    const before = this.#answers.get(key);
    if (before !== undefined) return Response.json(before);
    const answer = this.#judge(id, content as RecordFeature["properties"], base as number | null, update);
    if ("errors" in answer) return Response.json(answer, { status: 422 });
    this.#answers.set(key, answer);
    return Response.json(answer);
  }

  #judge(id: string, properties: RecordFeature["properties"], base: number | null, update: boolean): Record<string, unknown> {
    const content = JSON.stringify(properties);
    if (properties.kind === "fuze") return report("refused", id);
    const now = this.records.get(id);
    if (now?.content === content) return report("unchanged", id);
    if (now !== undefined && !(update && base === now.revision)) {
      this.aside.set(id, { feature: { type: "Feature", id, geometry: { type: "Point", coordinates: [46.3, 39.7] }, properties }, decision: "pending" });
      return report("held", id, { upload: `of-${id}` });
    }
    this.records.set(id, { revision: ++this.#revision, content });
    return report(now === undefined ? "created" : "updated", id, { revision: this.#revision });
  }
}

function feature(kind: RecordFeature["properties"]["kind"] = "ap_mine", photos: string[] = []): RecordFeature {
  const properties = { kind, status: "detected" as const, detected_on: "2026-11-01", quantity: 1, ...(photos.length > 0 && { photos }) };
  return { type: "Feature", id: uuid7(), geometry: { type: "Point", coordinates: [46.3, 39.7] }, properties };
}

async function states(): Promise<string[]> {
  return (await entries()).map(({ state }) => state);
}

/** The browser's locks, as far as they are asked for: one at a time, and who comes second is told so. */
let locked = false;
const locks = {
  request: async <T>(_name: string, _options: LockOptions, act: (lock: object | null) => Promise<T> | T): Promise<T> => {
    if (locked) return act(null);
    locked = true;
    try {
      return await act({});
    } finally {
      locked = false;
    }
  },
};

let server: Server;

beforeEach(async () => {
  const db = await database();
  for (const store of ["entries", "photos", "known", "packages", "notes", "truths"] as const) await db.clear(store);
  server = new Server();
  vi.stubGlobal("fetch", server.fetch);
  vi.stubGlobal("navigator", { locks });
});

describe("the queue", () => {
  it("sends what waits in the order in which it was made, each once", async () => {
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

  it("goes on behind one that is refused, which can be mended and is sent anew", async () => {
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

  it("does as the server asks when that has too much to do, and the attempt counts as none", async () => {
    await keepDetection(feature(), team("Team 4"));
    server.status = 503;
    const pass = await sendAll();
    expect(pass).toEqual({ end: "wait", left: 1, photos: 0, seconds: 7, progress: false });
    expect(pauseAfter(pass, 9)).toBe(7000);
    expect((await entries())[0]?.n_unanswered).toBe(0);
  });

  it("goes on behind one at which the server fails", async () => {
    await keepDetection(feature(), team("Team 4"));
    await keepDetection(feature(), team("Team 4"));
    server.status = 500;
    expect(await sendAll()).toMatchObject({ end: "done", left: 2 });
    server.status = 200;
    expect(await sendAll()).toMatchObject({ end: "done", left: 0 });
    expect(server.records.size).toBe(2);
  });

  it("leaves what a team of another operator made, though it has the same name", async () => {
    const other = await keepDetection(feature(), team("Team 4", "HALO"));
    server.operator = "ANAMA";
    await sendAll();
    expect(server.uploads).toEqual([]);
    server.operator = "HALO";
    await sendAll();
    expect(server.uploads.map(({ id }) => id)).toEqual([other.record]);
  });

  it("leaves what another person made until that one signs in, or it is taken over", async () => {
    const other = await keepDetection(feature(), team("Team 9"));
    await sendAll();
    expect(server.uploads).toEqual([]);
    await takeOver(other.key, team("Team 4"));
    await sendAll();
    expect(await states()).toEqual(["sent"]);
  });

  it("throws away only what the server has not and its maker may", async () => {
    const bad = await keepDetection(feature("fuze"), team("Team 4"));
    const good = await keepDetection(feature(), team("Team 4"));
    await sendAll();
    await discard(bad.key);
    await discard(good.key);
    expect((await entries()).map(({ key }) => key)).toEqual([good.key]);
  });
});

describe("a later change", () => {
  it("is put into the entry while that was never sent", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    await keepNeutralised(made.feature, "2026-11-02", "burned", null, team("Team 4"));
    await sendAll();
    expect(server.uploads).toMatchObject([{ id: made.record, base: null, status: "neutralised" }]);
  });

  it("goes after an entry that the server may have, from the revision that one became", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    server.loses = 1;
    await sendAll();
    await keepNeutralised(made.feature, "2026-11-02", "burned", null, team("Team 4"));
    expect(await entriesOf(made.record)).toHaveLength(2);
    await sendAll();
    expect(await states()).toEqual(["sent", "sent"]);
    expect(server.uploads.slice(1)).toMatchObject([{ base: null, status: "detected" }, { base: 101, status: "neutralised" }]);
  });

  it("does not pass the entry before it while that waits or is refused", async () => {
    const made = await keepDetection(feature("fuze"), team("Team 4"));
    await beginAttempt(made.key, null);
    const after = await keepChange({ ...made.feature, properties: { ...made.feature.properties, kind: "uxo" } }, "correction", null, team("Team 4"));
    expect(after.after).toBe(made.key);
    await sendAll();
    expect((await entriesOf(made.record)).map(({ state }) => state)).toEqual(["refused", "waiting"]);
  });

  it("of a colleague's record names the revision that was seen; another's change meanwhile sets it aside", async () => {
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

  it("of a record that was sent back goes on from the revision of the sending back", async () => {
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

  it("is not sent back a second time by what was said before it", async () => {
    const made = await keepDetection(feature(), team("Team 4"));
    await sendAll();
    await keepTruths([told("has_issues", { id: made.record, revision: 100 })], new Date().toISOString());
    expect(await states()).toEqual(["sent"]);
  });
});

describe("what was set aside", () => {
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

  it("is rejected with the manager's reason once one dismissed it, and can be mended or thrown away", async () => {
    const [one, two] = [await setAside(), await setAside()];
    for (const { id } of [one, two]) decide(id, "dismissed", "Done by Team 9");
    await sendAll();
    expect(await entries()).toMatchObject([{ state: "rejected", reason: "Done by Team 9" }, { state: "rejected", decided: "dismissed" }]);
    const [mended, thrown] = (await entries()).map(({ key }) => key);
    await mend(mended ?? "", { ...one, properties: { ...one.properties, note: "by Team 4 too" } });
    await discard(thrown ?? "");
    // From how the server holds it now: of the revision that was seen then it would be a conflict for ever.
    expect(await entries()).toMatchObject([{ state: "waiting", base: 51, decided: null, upload: null }]);
  });

  it("stays so for a phone that the server does not tell, and nothing is lost by asking", async () => {
    await setAside();
    server.name = null;
    await sendAll();
    server.name = "Team 9";
    await sendAll();
    expect(await states()).toEqual(["held"]);
  });
});

describe("photos", () => {
  it("go after their record, in parts that grow with the network, and go on where they broke off", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000));
    const big = new Blob(Array(60).fill(bytes), { type: "image/jpeg" });
    const hash = await keepPhoto(big);
    await keepDetection(feature("uxo", [hash]), team("Team 4"));
    server.partsLeft = 2;
    expect(await sendAll()).toMatchObject({ end: "done", left: 0, photos: 1, progress: true });
    expect(await states()).toEqual(["sent"]);
    const first = server.photos.get(hash)?.length ?? 0;
    expect(first).toBeGreaterThan(2 * 16 * 1024 - 1);
    server.partsLeft = Number.POSITIVE_INFINITY;
    expect(await sendAll()).toMatchObject({ end: "done", left: 0, photos: 0 });
    expect(Buffer.compare(server.photos.get(hash) ?? new Uint8Array(), new Uint8Array(await big.arrayBuffer()))).toBe(0);
    expect((await entries())[0]).toMatchObject({ photos_due: [], photos_lost: [] });
  });

  it("wait for the records that come while they are sent", async () => {
    const big = new Blob(Array(60).fill(crypto.getRandomValues(new Uint8Array(60_000))), { type: "image/jpeg" });
    await keepDetection(feature("uxo", [await keepPhoto(big)]), team("Team 4"));
    let later: Promise<unknown> | null = null;
    server.onPart = () => (later ??= keepDetection(feature(), team("Team 4")));
    await sendAll();
    expect(later).not.toBeNull();
    expect(server.log.lastIndexOf("record")).toBeLessThan(server.log.lastIndexOf("part"));
    expect(await states()).toEqual(["sent", "sent"]);
  });

  it("that are gone from the phone and nowhere else: the record goes without them and says so", async () => {
    const [gone, there, kept] = [await keepPhoto(new Blob(["gone"])), await keepPhoto(new Blob(["there"])), await keepPhoto(new Blob(["kept"]))];
    const made = await keepDetection(feature("uxo", [gone, there, kept]), team("Team 4"));
    const db = await database();
    await db.delete("photos", gone);
    await db.delete("photos", there);
    server.whole.add(there);
    await sendAll();
    expect(await entriesOf(made.record)).toMatchObject([{ state: "sent", photos_lost: [gone], photos_due: [] }]);
    expect(JSON.parse(server.records.get(made.record)?.content ?? "{}")).toMatchObject({ photos: [there, kept] });
  });

  it("that a colleague's record names and that are still on the colleague's phone stay named", async () => {
    const theirs = feature("uxo", ["a".repeat(64)]);
    server.records.set(theirs.id, { revision: 50, content: JSON.stringify(theirs.properties) });
    await keepNeutralised(theirs, "2026-11-02", "burned", 50, team("Team 4"));
    await sendAll();
    expect(JSON.parse(server.records.get(theirs.id)?.content ?? "{}")).toMatchObject({ status: "neutralised", photos: ["a".repeat(64)] });
    expect((await entries())[0]).toMatchObject({ state: "sent", photos_lost: [] });
  });

  it("that are lost after their record was sent are told of", async () => {
    const hash = await keepPhoto(new Blob(["a picture"]));
    await keepDetection(feature("uxo", [hash]), team("Team 4"));
    server.partsLeft = 0;
    await sendAll();
    await (await database()).delete("photos", hash);
    await sendAll();
    expect((await entries())[0]).toMatchObject({ state: "sent", photos_lost: [hash], photos_due: [] });
  });

  it("are kept until the server has photo and record, and no longer than needed", async () => {
    const hash = await keepPhoto(new Blob(["a picture"], { type: "image/png" }));
    await keepDetection(feature("uxo", [hash]), team("Team 4"));
    expect(await tidyPhotos()).toBe(0);
    await sendAll();
    expect(await tidyPhotos()).toBe(9);
    expect(await photo(hash)).toBeUndefined();
  });

  it("are kept while their record is to be mended, and the oldest that the server has go first", async () => {
    const hash = await keepPhoto(new Blob(["a picture"], { type: "image/png" }));
    await keepDetection(feature("fuze", [hash]), team("Team 4"));
    await sendAll();
    expect(await states()).toEqual(["refused"]);
    expect(await tidyPhotos()).toBe(0);
    const [old, young] = [await keepPhoto(new Blob(["old"])), await keepPhoto(new Blob(["young"]))];
    for (const [each, taken_at] of [[old, "2026-11-01T00:00:00Z"], [young, "2026-11-02T00:00:00Z"]] as const) {
      await (await database()).put("photos", { sha256: each, type: "image/png", bytes: new Blob(["abc"]), sent: true, taken_at });
    }
    expect(await tidyPhotos(Date.now(), 1)).toBe(3);
    expect(await photo(old)).toBeUndefined();
    expect(await photo(young)).toBeDefined();
  });

  /** A photo of three parts, one of which the server has. */
  async function begun(): Promise<{ hash: string; big: Blob }> {
    const big = new Blob(Array(50).fill(crypto.getRandomValues(new Uint8Array(60_000))), { type: "image/jpeg" });
    const hash = await keepPhoto(big);
    await keepDetection(feature("uxo", [hash]), team("Team 4"));
    server.partsLeft = 1;
    await sendAll();
    server.partsLeft = Number.POSITIVE_INFINITY;
    return { hash, big };
  }

  it("go on from where the server says when what it has was damaged", async () => {
    for (const from of [0, 1024 * 1024]) {
      const { hash, big } = await begun();
      server.damagedFrom = from;
      await sendAll();
      expect(Buffer.compare(server.photos.get(hash) ?? new Uint8Array(), new Uint8Array(await big.arrayBuffer()))).toBe(0);
      expect((await states()).at(-1)).toBe("sent");
    }
  });

  it("are sent anew as a whole when the server refuses what came in several goes", async () => {
    const { hash, big } = await begun();
    server.refuses.set(hash, 1);
    await sendAll();
    expect(server.photos.get(hash)?.length).toBe(big.size);
    expect(await states()).toEqual(["sent"]);
    expect(await photo(hash)).toMatchObject({ sent: true });
  });

  it("that the server has make room for a new one on a full disk", async () => {
    const sent = { sha256: "0".repeat(64), type: "image/png", bytes: new Blob(["abc"]), sent: true, taken_at: "2026-11-01T00:00:00Z" };
    await (await database()).put("photos", sent);
    const put = Reflect.get(IDBObjectStore.prototype, "put") as (value: unknown, key?: IDBValidKey) => IDBRequest<IDBValidKey>;
    let full = true;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...given) {
      if (full && this.name === "photos") throw new DOMException("Failed to write blobs (IOError)", "DataError");
      return put.apply(this, given);
    });
    vi.spyOn(IDBObjectStore.prototype, "delete").mockImplementationOnce(function (this: IDBObjectStore, ...given) {
      full = false;
      return this.delete(...given);
    });
    const hash = await keepPhoto(new Blob(["a picture"]));
    vi.restoreAllMocks();
    expect(await photo(hash)).toBeDefined();
    expect(await photo(sent.sha256)).toBeUndefined();
  });

  it("that do not fit say so in the words of a full phone, whatever the browser calls it", async () => {
    for (const name of ["QuotaExceededError", "DataError", "UnknownError"]) {
      vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
        throw new DOMException("full", name);
      });
      await expect(keepPhoto(new Blob([name]))).rejects.toThrow(NoRoom);
      await expect(keepDetection(feature(), null)).rejects.toThrow(NoRoom);
      vi.restoreAllMocks();
    }
  });

  it("that the server can make nothing of stay on the phone, and the record goes without them", async () => {
    const { hash } = await begun();
    server.refuses.set(hash, 99);
    await sendAll();
    expect(await states()).toEqual(["sent"]);
    expect(server.records.size).toBe(1);
    expect(await photo(hash)).toMatchObject({ sent: false, refused: "it is no picture" });
    expect(await tidyPhotos(Date.now() + 30 * 24 * 60 * 60 * 1000)).toBe(0);
    expect(Object.keys(unzipSync(new Uint8Array(await (await exportQueue()).arrayBuffer())))).toContain(`photos/${hash}.jpg`);
  });

  it("of a form that was left are kept for a week", async () => {
    const hash = await keepPhoto(new Blob(["a picture"], { type: "image/png" }));
    expect(await tidyPhotos()).toBe(0);
    expect(await photo(hash)).toBeDefined();
    expect(await tidyPhotos(Date.now() + 8 * 24 * 60 * 60 * 1000)).toBe(9);
  });
});

describe("an answer", () => {
  it("that is no report is not believed", () => {
    expect(readAnswer(200, null, null)).toEqual({ outcome: "later" });
    expect(readAnswer(200, { hello: "this is the hotel's network" }, null)).toEqual({ outcome: "later" });
  });

  it("tells its reason in every case", () => {
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

it("the file of the queue holds what was not sent, with the photos as they were taken", async () => {
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
