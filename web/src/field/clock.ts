/**
 * Whether the phone's clock can be believed. What the server and the satellites say of the time is evidence, not truth: the
 * team is asked, and nothing is set right in silence.
 */

/** This page was made later: a clock that shows less is wrong. */
const MADE_MS = Date.UTC(2026, 0, 1);

/** Of a receiver that counts weeks with ten bits and has lost count. */
const WEEKS_1024_MS = 1024 * 7 * 24 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

/** Less than this is how long an answer takes, and no fault of the clock. */
const SLIGHT_MS = 10 * 60 * 1000;

export type Witness = "server" | "satellites";

export interface Evidence {
  by: Witness;
  /** What is to be added to the phone's clock. */
  offset_ms: number;
  /** The clock less the time since the page was opened: another one later when the clock was set, or the phone slept. */
  base_ms: number;
}

function baseOf(now_ms: number): number {
  return now_ms - performance.now();
}

let evidence: Evidence | null = null;
/** The latest time that the server ever told: it is later now. */
let latest_ms = 0;

/** The server's `Date`, with an answer that was asked for at `asked_ms` of the phone's clock. */
export function heardServer(date: string | null, asked_ms: number, now_ms = Date.now()): void {
  const told = date === null ? NaN : Date.parse(date);
  // An answer that took long says little, and the clock may have been set meanwhile.
  if (Number.isNaN(told) || now_ms < asked_ms || now_ms - asked_ms > SLIGHT_MS) return;
  evidence = { by: "server", offset_ms: told - (asked_ms + now_ms) / 2, base_ms: baseOf(now_ms) };
  latest_ms = Math.max(latest_ms, told);
}

/** The answer to what was asked for at `asked_ms`, whose time is noted. */
export function timed(asked_ms: number, answer: Response): Response {
  heardServer(answer.headers.get("date"), asked_ms);
  return answer;
}

/** The latest time that the server told before the page was opened, and now. */
export function remember(told_ms: number): void {
  latest_ms = Math.max(latest_ms, told_ms);
}

export function latestHeard(): number {
  return latest_ms;
}

/** The time that came with a position. The server's word goes before it. */
export function heardSatellites(told_ms: number, now_ms = Date.now()): void {
  if (evidence?.by === "server" || !Number.isFinite(told_ms)) return;
  const offset = told_ms - now_ms;
  const lost = Math.round(offset / -WEEKS_1024_MS);
  // The receiver has lost count, and else agrees with the clock: then it says nothing against it.
  if (lost > 0 && Math.abs(offset + lost * WEEKS_1024_MS) < DAY_MS) return;
  if (told_ms < MADE_MS) return;
  evidence = { by: "satellites", offset_ms: offset, base_ms: baseOf(now_ms) };
}

/** As when the page is opened for the first time. */
export function forget(): void {
  evidence = null;
  latest_ms = 0;
}

export interface ClockDoubt {
  /** Who contradicts the clock; null: nobody, and what it shows cannot be. */
  by: Witness | null;
  /** What the time is by their word; null: nobody knows it. */
  now: Date | null;
}

/** What is wrong with the clock, when it makes a day another one; null: nothing is known to be. */
export function clockDoubt(now = new Date()): ClockDoubt | null {
  // What was heard before the clock was set says nothing any more.
  if (evidence !== null && Math.abs(baseOf(now.getTime()) - evidence.base_ms) > SLIGHT_MS) evidence = null;
  if (evidence !== null && Math.abs(evidence.offset_ms) > SLIGHT_MS) {
    const true_now = new Date(now.getTime() + evidence.offset_ms);
    if (true_now.toDateString() !== now.toDateString()) return { by: evidence.by, now: true_now };
  }
  return evidence === null && now.getTime() < Math.max(MADE_MS, latest_ms - SLIGHT_MS) ? { by: null, now: null } : null;
}

/** The time by the best word there is. */
export function likelyNow(now = new Date()): Date {
  return clockDoubt(now)?.now ?? now;
}
