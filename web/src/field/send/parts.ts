/** How large the parts of a photo are: as much as the network moved in some seconds, so that little is lost with one that breaks. Pure. */

export const SMALLEST_PART = 16 * 1024;
export const LARGEST_PART = 1024 * 1024;

/** Seconds that a part is to take. */
const AIM_S = 10;
/** A part is never so many times larger than one that came through. */
const MOST_GROWTH = 4;
/** A part may take so many times as long as the network promised, and never less than a minute. */
const MARGIN = 6;
const LEAST_LIMIT_MS = 60_000;

export class PartSize {
  bytes = SMALLEST_PART;
  #bytes_per_s = SMALLEST_PART / AIM_S;

  /** How long a part of this size may take before it is given up. */
  limitMs(bytes: number): number {
    return Math.max(LEAST_LIMIT_MS, (MARGIN * 1000 * bytes) / this.#bytes_per_s);
  }

  /** A part of this size came through. */
  took(bytes: number, ms: number): void {
    this.#bytes_per_s = bytes / (Math.max(1, ms) / 1000);
    // The rest of a photo may be small, which says nothing against large parts.
    const most = Math.max(this.bytes, bytes) * MOST_GROWTH;
    this.bytes = Math.round(Math.min(LARGEST_PART, most, Math.max(SMALLEST_PART, this.#bytes_per_s * AIM_S)));
  }

  broke(): void {
    this.bytes = Math.max(SMALLEST_PART, Math.floor(this.bytes / 2));
  }
}
