/** What a file is, by its first bytes and by whether it can be drawn, so that a photo the server could make nothing of is known when it is taken. */

/** The pictures that the server takes. */
export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PhotoType = (typeof PHOTO_TYPES)[number];

/** Of one picture. A phone's camera stays well below. */
export const LARGEST_PHOTO_BYTES = 32 * 1024 * 1024;
const MOST_PIXELS = 64_000_000;

/**
 * `empty`: there is nothing in it. `heic`: a picture as some phones keep it, which the server cannot draw. `type`: no
 * picture, or of another kind. `broken`: it cannot be drawn. `size`: too large.
 */
export type PhotoFault = "type" | "size" | "empty" | "heic" | "broken";

/** What the first bytes say that it is; null: nothing that is known here. */
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

/** Why a file cannot be a photo here, whatever it is called; null: it can. */
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
