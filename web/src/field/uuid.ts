/** Ids made on the phone: UUID version 7 (RFC 9562), in chronological order. */

/** The milliseconds of the newest id: ids of the same moment stay ordered, and a clock set back never yields a smaller id. */
let newest = 0;

/** Greater than every id made since the page was opened, and than `after`. */
export function uuid7(after?: string): string {
  newest = Math.max(Date.now(), newest + 1, after === undefined ? 0 : timeOf(after) + 1);
  return made(newest);
}

/** The milliseconds since 1970 at the start of an id. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

function made(now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint32(0, Math.floor(now / 0x10000));
  new DataView(bytes.buffer).setUint16(4, now % 0x10000);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
