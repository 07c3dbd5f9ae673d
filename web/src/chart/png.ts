/** Writes text chunks into a PNG file, which image viewers show as properties. Pure. */

const NAME_BYTES = 4;
const SIGNATURE = 8;
/** The header chunk: length, name, thirteen bytes, checksum. */
const HEADER_END = SIGNATURE + 4 + NAME_BYTES + 13 + 4;

function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(name), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function codes(text: string): number[] {
  return Array.from(text, (letter) => letter.codePointAt(0) ?? 0);
}

/** A `tEXt` chunk, or `iTXt` in UTF-8 for characters outside Latin-1. */
function textChunk(key: string, text: string): Uint8Array {
  const letters = codes(text);
  if (letters.every((code) => code <= 0xff)) return chunk("tEXt", Uint8Array.from([...codes(key), 0, ...letters]));
  // Not compressed, no language, no translated keyword.
  return chunk("iTXt", Uint8Array.from([...codes(key), 0, 0, 0, 0, 0, ...new TextEncoder().encode(text)]));
}

/** Returns the picture with these texts directly after its header. Keys have 1 to 79 Latin-1 characters. */
export function withText(png: Uint8Array, texts: readonly (readonly [key: string, text: string])[]): Uint8Array<ArrayBuffer> {
  const chunks = texts.map(([key, text]) => textChunk(key, text));
  const all = new Uint8Array(png.length + chunks.reduce((sum, { length }) => sum + length, 0));
  all.set(png.subarray(0, HEADER_END));
  let at = HEADER_END;
  for (const each of chunks) {
    all.set(each, at);
    at += each.length;
  }
  all.set(png.subarray(HEADER_END), at);
  return all;
}
