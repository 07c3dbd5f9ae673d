/** When to send the queue: immediately after an entry is added or the network returns, otherwise after growing pauses. */

import { sendAll, type Pass } from "./send.ts";

const SHORTEST_MS = 5_000;
const LONGEST_MS = 10 * 60_000;
/** The polling interval for returned entries while nothing is waiting. */
const QUIET_MS = 5 * 60_000;

/** Nothing is left to send, photos included. */
function isAllSent({ end, left, photos }: Pass): boolean {
  return end === "done" && left + photos === 0;
}

/** The pause after a pass, by the number of unsuccessful passes in a row before it. */
export function pauseAfter(pass: Pass, n_failed: number): number {
  if (pass.seconds !== null) return Math.max(SHORTEST_MS, pass.seconds * 1000);
  if (isAllSent(pass)) return QUIET_MS;
  return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(n_failed, 10));
}

export class Sender {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #again = false;
  #failed = 0;
  readonly #told: (state: "sending" | Pass) => void;

  /** `told` is called when sending starts and with its result. */
  constructor(told: (state: "sending" | Pass) => void) {
    this.#told = told;
  }

  start(): void {
    addEventListener("online", () => this.now());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.now();
    });
    this.now();
  }

  /** Sends now, or once more after the pass in progress. */
  now(): void {
    if (this.#running !== null) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        this.now();
      }
    });
  }

  async #run(): Promise<void> {
    this.#told("sending");
    const pass: Pass = await sendAll().catch(() => ({ end: "no-way", left: 0, photos: 0, seconds: null, progress: false }));
    this.#failed = pass.progress || isAllSent(pass) ? 0 : this.#failed + 1;
    this.#told(pass);
    this.#timer = setTimeout(() => this.now(), pauseAfter(pass, Math.max(0, this.#failed - 1)));
  }
}
