/** The size of a photo's parts: what the network transfers in a few seconds, so that little is lost if one breaks. Pure. */

export const SMALLEST_PART = 16 * 1024;
export const LARGEST_PART = 1024 * 1024;

/** The target duration of a part in seconds. */
const AIM_S = 10;
/** The maximum growth factor over a part that succeeded. */
const MOST_GROWTH = 4;
/** The timeout of a part, as a multiple of its expected duration; at least one minute. */
const MARGIN = 6;
const LEAST_LIMIT_MS = 60_000;

export class PartSize {
  bytes = SMALLEST_PART;
  #bytes_per_s = SMALLEST_PART / AIM_S;

  /** The timeout of a part of this size. */
  limitMs(bytes: number): number {
    return Math.max(LEAST_LIMIT_MS, (MARGIN * 1000 * bytes) / this.#bytes_per_s);
  }

  /** Notes that a part of this size succeeded. */
  took(bytes: number, ms: number): void {
    this.#bytes_per_s = bytes / (Math.max(1, ms) / 1000);
    // The remainder of a photo may be small, which is no evidence against large parts.
    const most = Math.max(this.bytes, bytes) * MOST_GROWTH;
    this.bytes = Math.round(Math.min(LARGEST_PART, most, Math.max(SMALLEST_PART, this.#bytes_per_s * AIM_S)));
  }

  broke(): void {
    this.bytes = Math.max(SMALLEST_PART, Math.floor(this.bytes / 2));
  }
}
