/** Identifies a file by its first bytes and by decoding it, so that an unusable photo is noticed when it is taken. */

/** The picture types that the server accepts. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];

/** The limits of one picture. Phone cameras stay well below. */
export const LARGEST_PHOTO_BYTES = 32 * 1024 * 1024;
const MOST_PIXELS = 64_000_000;

/**
 * `empty`: no content. `heic`: the format of some phones, which the server cannot decode. `type`: not a picture, or another
 * format. `broken`: cannot be decoded. `size`: too large.
 */
export type PhotoFault = "type" | "size" | "empty" | "heic" | "broken";

/** The type by the first bytes; null if unknown. */
export function kindOf(head: Uint8Array): PhotoType | "heic" | null {
  const text = (from: number, to: number): string => String.fromCharCode(...head.subarray(from, to));
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "image/jpeg";
  if (text(0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return "image/webp";
  return text(4, 8) === "ftyp" && /^(hei[cfmsx]|hev[cmsx]|mif1|msf1|avif)/.test(text(8, 12)) ? "heic" : null;
}

export async function kindOfFile(file: Blob): Promise<ReturnType<typeof kindOf>> {
  return kindOf(new Uint8Array(await file.slice(0, 12).arrayBuffer()));
}

/** Why a file cannot be used as a photo, whatever its name; null if it can. */
export async function photoFault(file: Blob): Promise<PhotoFault | null> {
  if (file.size === 0) return "empty";
  const kind = await kindOfFile(file).catch(() => "unreadable" as const);
  if (kind === "unreadable") return "broken";
  if (kind === null) return "type";
  if (kind === "heic") return "heic";
  if (file.size > LARGEST_PHOTO_BYTES) return "size";
  try {
    const drawn = await createImageBitmap(file);
    const pixels = drawn.width * drawn.height;
    drawn.close();
    return pixels > MOST_PIXELS ? "size" : null;
  } catch {
    return "broken";
  }
}
