import { describe, expect, it } from "vitest";

import { NoWay } from "../../src/field/send/ask.ts";
import { LARGEST_PART, PartSize, SMALLEST_PART } from "../../src/field/send/parts.ts";
import { persistently } from "../../src/field/send/patient.ts";
import type { Pass } from "../../src/field/send/send.ts";
import { Tries } from "../../src/field/send/tries.ts";
import { pauseAfter } from "../../src/field/send/when.ts";
import { kindOf, photoFault } from "../../src/field/store/pictures.ts";

describe("the parts of a photo", () => {
  it("grow to what the network moves in ten seconds, and never beyond a megabyte", () => {
    const size = new PartSize();
    expect(size.bytes).toBe(SMALLEST_PART);
    for (let n = 0; n < 6; n++) size.took(size.bytes, (size.bytes / 5_000) * 1000);
    expect(size.bytes).toBe(50_000);
    // Six times the target duration.
    expect(size.limitMs(size.bytes)).toBe(60_000);
    for (let n = 0; n < 6; n++) size.took(size.bytes, 10);
    expect(size.bytes).toBe(LARGEST_PART);
  });

  it("are halved after a failure, down to the minimum", () => {
    const size = new PartSize();
    size.took(SMALLEST_PART, 1);
    expect(size.bytes).toBe(4 * SMALLEST_PART);
    size.broke();
    expect(size.bytes).toBe(2 * SMALLEST_PART);
    for (let n = 0; n < 5; n++) size.broke();
    expect(size.bytes).toBe(SMALLEST_PART);
  });

  it("are not reduced by the remainder of a photo", () => {
    const size = new PartSize();
    for (let n = 0; n < 6; n++) size.took(size.bytes, 10);
    size.took(300, 10);
    expect(size.bytes).toBeGreaterThan(200_000);
  });
});

describe("a pass", () => {
  const breaks = (): Promise<never> => Promise.reject(new NoWay("broken"));

  it("goes on after one request that broke, and after two", async () => {
    const tries = new Tries();
    for (let n = 0; n < 5; n++) {
      expect(await tries.once(breaks)).toBe("broken");
      expect(await tries.once(breaks)).toBe("broken");
      expect(await tries.once(() => Promise.resolve(n))).toBe(n);
    }
  });

  it("ends with the third failure in a row, and with a programming error", async () => {
    await expect(new Tries().insist(breaks)).rejects.toThrow(NoWay);
    await expect(new Tries().once(() => Promise.reject(new TypeError("a slip")))).rejects.toThrow("a slip");
  });

  it("that made progress is followed soon by the next", () => {
    const pass: Pass = { end: "no-way", left: 3, photos: 0, seconds: null, progress: true };
    expect(pauseAfter(pass, 0)).toBe(5_000);
    expect(pauseAfter({ ...pass, progress: false }, 4)).toBe(80_000);
    expect(pauseAfter({ ...pass, end: "done", left: 0 }, 0)).toBe(5 * 60_000);
    // Photos are left.
    expect(pauseAfter({ ...pass, end: "done", left: 0, photos: 1 }, 0)).toBe(5_000);
  });
});

it("an unreliable operation is repeated the stated number of times", async () => {
  let n = 0;
  const third = (): Promise<number> => (++n < 2 ? Promise.reject(new Error("not yet")) : Promise.resolve(n));
  expect(await persistently(third, 3)).toBe(2);
  await expect(persistently(() => Promise.reject(new Error("never")), 1)).rejects.toThrow("never");
});

describe("a file", () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

  it("is identified by its first bytes, whatever its name", () => {
    expect(kindOf(bytes("\xff\xd8\xff\xe0"))).toBe("image/jpeg");
    expect(kindOf(bytes("\x89PNG\r\n\x1a\n"))).toBe("image/png");
    expect(kindOf(bytes("RIFF....WEBP"))).toBe("image/webp");
    expect(kindOf(bytes("\0\0\0\x18ftypheic"))).toBe("heic");
    expect(kindOf(bytes("Notes"))).toBeNull();
    expect(kindOf(new Uint8Array())).toBeNull();
  });

  it("that is not a photo is recognised", async () => {
    expect(await photoFault(new Blob([], { type: "image/jpeg" }))).toBe("empty");
    expect(await photoFault(new Blob(["Notes"], { type: "image/jpeg" }))).toBe("type");
    expect(await photoFault(new Blob(["\0\0\0\x18ftypheic"], { type: "image/jpeg" }))).toBe("heic");
  });
});
