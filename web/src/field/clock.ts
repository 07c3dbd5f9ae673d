/**
 * Checks the phone's clock against the server and the satellites. Both are evidence, not truth: the team is asked, and
 * nothing is corrected silently.
 */

/** The build time of this page: a clock that shows an earlier time is wrong. */
const MADE_MS = Date.UTC(2026, 0, 1);

/** The rollover of receivers that count weeks with ten bits. */
const WEEKS_1024_MS = 1024 * 7 * 24 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

/** A difference below this is network delay, not a clock error. */
const SLIGHT_MS = 10 * 60 * 1000;

export type Witness = "server" | "satellites";

export interface Evidence {
  by: Witness;
  /** The offset to add to the phone's clock. */
  offset_ms: number;
  /** The clock minus the time since the page was opened. It changes if the clock was set or the phone slept. */
  base_ms: number;
}

function baseOf(now_ms: number): number {
  return now_ms - performance.now();
}

let evidence: Evidence | null = null;
/** The latest time ever received from the server; the present is later. */
let latest_ms = 0;

/** Notes the server's `Date` from a response to a request sent at `asked_ms` of the phone's clock. */
export function heardServer(date: string | null, asked_ms: number, now_ms = Date.now()): void {
  const told = date === null ? NaN : Date.parse(date);
  // A slow response proves little, and the clock may have been set meanwhile.
  if (Number.isNaN(told) || now_ms < asked_ms || now_ms - asked_ms > SLIGHT_MS) return;
  evidence = { by: "server", offset_ms: told - (asked_ms + now_ms) / 2, base_ms: baseOf(now_ms) };
  latest_ms = Math.max(latest_ms, told);
}

/** Passes on the response to a request sent at `asked_ms` and notes its time. */
export function timed(asked_ms: number, answer: Response): Response {
  heardServer(answer.headers.get("date"), asked_ms);
  return answer;
}

/** The latest time received from the server before the page was opened, and now. */
export function remember(told_ms: number): void {
  latest_ms = Math.max(latest_ms, told_ms);
}

export function latestHeard(): number {
  return latest_ms;
}

/** Notes the time of a GNSS position. The server's time takes precedence. */
export function heardSatellites(told_ms: number, now_ms = Date.now()): void {
  if (evidence?.by === "server" || !Number.isFinite(told_ms)) return;
  const offset = told_ms - now_ms;
  const lost = Math.round(offset / -WEEKS_1024_MS);
  // The receiver's week count has rolled over but otherwise agrees with the clock: no evidence against the clock.
  if (lost > 0 && Math.abs(offset + lost * WEEKS_1024_MS) < DAY_MS) return;
  if (told_ms < MADE_MS) return;
  evidence = { by: "satellites", offset_ms: offset, base_ms: baseOf(now_ms) };
}

/** Resets to the state of a first visit. */
export function forget(): void {
  evidence = null;
  latest_ms = 0;
}

export interface ClockDoubt {
  /** The source that contradicts the clock; null if there is none and the clock shows an impossible time. */
  by: Witness | null;
  /** The time by that source; null if unknown. */
  now: Date | null;
}

/** The clock fault, if it changes the day; null if no fault is known. */
export function clockDoubt(now = new Date()): ClockDoubt | null {
  // Offsets measured before the clock was set no longer apply.
  if (evidence !== null && Math.abs(baseOf(now.getTime()) - evidence.base_ms) > SLIGHT_MS) evidence = null;
  if (evidence !== null && Math.abs(evidence.offset_ms) > SLIGHT_MS) {
    const true_now = new Date(now.getTime() + evidence.offset_ms);
    if (true_now.toDateString() !== now.toDateString()) return { by: evidence.by, now: true_now };
  }
  return evidence === null && now.getTime() < Math.max(MADE_MS, latest_ms - SLIGHT_MS) ? { by: null, now: null } : null;
}

/** The time by the best available source. */
export function likelyNow(now = new Date()): Date {
  return clockDoubt(now)?.now ?? now;
}
