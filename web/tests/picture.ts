/** Pictures to send, and reading of pictures. */

import { randomBytes } from "node:crypto";
import { crc32, deflateSync, inflateSync } from "node:zlib";

/** A square PNG of noise with this many pixels: unique, and slightly larger than three bytes per pixel. */
export function picture(side: number): Buffer<ArrayBuffer> {
  const rows = Buffer.concat(Array.from({ length: side }, () => Buffer.concat([Buffer.from([0]), randomBytes(side * 3)])));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  // 8 bits each of red, green and blue.
  head.set([8, 2], 8);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** A chunk of a PNG file: length, name, data, checksum. */
function chunk(name: string, bytes: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), bytes]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(bytes.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** The texts in a PNG file by keyword: `tEXt` in Latin-1, `iTXt` in UTF-8. */
export function textsOf(png: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { name, data } of chunks(png)) {
    const end = data.indexOf(0);
    const key = data.toString("latin1", 0, end);
    if (name === "tEXt") texts.set(key, data.toString("latin1", end + 1));
    if (name === "iTXt") texts.set(key, data.toString("utf8", end + 5));
  }
  return texts;
}

/** The chunks of a file, whose checksums must be right. */
function chunks(png: Buffer): { name: string; data: Buffer }[] {
  const found = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 8 + png.readUInt32BE(at);
    if (png.readUInt32BE(end) !== crc32(png.subarray(at + 4, end))) throw new Error(`the check sum at ${end} is wrong`);
    found.push({ name: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, end) });
    at = end + 4;
  }
  return found;
}

export interface Picture {
  width: number;
  height: number;
  at: (x: number, y: number) => readonly [number, number, number];
}

/** Reads a PNG file as browsers write screenshots: 8 bits, with or without alpha, not interlaced. */
export function pixels(png: Buffer): Picture {
  const [width, height, depth, type] = [png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]];
  const channels = { 2: 3, 6: 4 }[type ?? 0];
  if (depth !== 8 || channels === undefined || png[28] !== 0) throw new Error(`a PNG file of ${depth} bits and type ${type} is not read here`);
  const raw = inflateSync(Buffer.concat(chunks(png).flatMap(({ name, data }) => (name === "IDAT" ? [data] : []))));
  const line = width * channels;
  const out = Buffer.alloc(line * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)] ?? 0;
    for (let x = 0; x < line; x++) {
      const left = x < channels ? 0 : (out[y * line + x - channels] ?? 0);
      const up = y === 0 ? 0 : (out[(y - 1) * line + x] ?? 0);
      const corner = x < channels || y === 0 ? 0 : (out[(y - 1) * line + x - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, nearest(left, up, corner)][filter] ?? 0;
      out[y * line + x] = (raw[y * (line + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return {
    width,
    height,
    at: (x, y) => {
      const at = y * line + x * channels;
      return [out[at] ?? 0, out[at + 1] ?? 0, out[at + 2] ?? 0];
    },
  };
}

/** The Paeth filter: whichever of the three is nearest to left + up - corner. */
function nearest(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
