import { unzipSync } from "fflate";
import { describe, expect, it, vi } from "vitest";

import { sendAll } from "../../src/field/send/send.ts";
import { NoRoom, database } from "../../src/field/store/db.ts";
import { keepPhoto, photo, tidyPhotos } from "../../src/field/store/photos.ts";
import { entries, entriesOf, keepDetection, keepNeutralised } from "../../src/field/store/queue.ts";
import { exportQueue } from "../../src/field/store/exported.ts";
import { feature, server, states, team } from "./field-phone.ts";

describe("photos", () => {
  it("follow their record, in parts sized by the network, and resume where they broke off", async () => {
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

  it("wait for records added while they are sent", async () => {
    const big = new Blob(Array(60).fill(crypto.getRandomValues(new Uint8Array(60_000))), { type: "image/jpeg" });
    await keepDetection(feature("uxo", [await keepPhoto(big)]), team("Team 4"));
    let later: Promise<unknown> | null = null;
    server.onPart = () => (later ??= keepDetection(feature(), team("Team 4")));
    await sendAll();
    expect(later).not.toBeNull();
    expect(server.log.lastIndexOf("record")).toBeLessThan(server.log.lastIndexOf("part"));
    expect(await states()).toEqual(["sent", "sent"]);
  });

  it("that are lost everywhere: the record is sent without them and shows it", async () => {
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

  it("that are lost after their record was sent are reported", async () => {
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

  it("are kept while their record needs correction; the oldest that the server has go first", async () => {
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

  it("resume at the server's offset if its part was damaged", async () => {
    for (const from of [0, 1024 * 1024]) {
      const { hash, big } = await begun();
      server.damagedFrom = from;
      await sendAll();
      expect(Buffer.compare(server.photos.get(hash) ?? new Uint8Array(), new Uint8Array(await big.arrayBuffer()))).toBe(0);
      expect((await states()).at(-1)).toBe("sent");
    }
  });

  it("are sent again as a whole if the server refuses what came in several attempts", async () => {
    const { hash, big } = await begun();
    server.refuses.set(hash, 1);
    await sendAll();
    expect(server.photos.get(hash)?.length).toBe(big.size);
    expect(await states()).toEqual(["sent"]);
    expect(await photo(hash)).toMatchObject({ sent: true });
  });

  it("that the server has are deleted for a new one on a full disk", async () => {
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

  it("that do not fit report a full phone, whatever the browser calls it", async () => {
    for (const name of ["QuotaExceededError", "DataError", "UnknownError"]) {
      vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
        throw new DOMException("full", name);
      });
      await expect(keepPhoto(new Blob([name]))).rejects.toThrow(NoRoom);
      await expect(keepDetection(feature(), null)).rejects.toThrow(NoRoom);
      vi.restoreAllMocks();
    }
  });

  it("that the server cannot use stay on the phone, and the record is sent without them", async () => {
    const { hash } = await begun();
    server.refuses.set(hash, 99);
    await sendAll();
    expect(await states()).toEqual(["sent"]);
    expect(server.records.size).toBe(1);
    expect(await photo(hash)).toMatchObject({ sent: false, refused: "it is no picture" });
    expect(await tidyPhotos(Date.now() + 30 * 24 * 60 * 60 * 1000)).toBe(0);
    expect(Object.keys(unzipSync(new Uint8Array(await (await exportQueue()).arrayBuffer())))).toContain(`photos/${hash}.jpg`);
  });

  it("of an abandoned form are kept for a week", async () => {
    const hash = await keepPhoto(new Blob(["a picture"], { type: "image/png" }));
    expect(await tidyPhotos()).toBe(0);
    expect(await photo(hash)).toBeDefined();
    expect(await tidyPhotos(Date.now() + 8 * 24 * 60 * 60 * 1000)).toBe(9);
  });
});
