/**
 * Plays the stops in order. A stop is shown when it is fully prepared and the previous one was shown long enough, so it
 * never shows half a month. Clock and page are passed in as the stage.
 */

import type { Stop } from "./stops.ts";

export const STAND_MS = 1200;

export interface Stage {
  /** The stop after the current one; null at the end. */
  next: () => Stop | null;
  /** The stop to start from when playback starts at the end. */
  first: () => Stop | null;
  /** Prepares a stop. Resolves with the function that shows it, or with null if superseded. */
  prepare: (stop: Stop) => Promise<(() => void) | null>;
  stand: (ms: number) => Promise<void>;
  playing: (playing: boolean) => void;
}

export class Player {
  #stage: Stage;
  /** Counts starts and stops: pending work of an earlier run is ignored. */
  #run = 0;
  #playing = false;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  toggle(): void {
    if (this.#playing) this.pause();
    else void this.play();
  }

  pause(): void {
    this.#run += 1;
    this.#set(false);
  }

  /** Plays from the current stop; from the first if it is the last. Resolves when playback stops. */
  async play(): Promise<void> {
    const run = (this.#run += 1);
    const begin = this.#stage.next() ?? this.#stage.first();
    if (begin === null) return;
    this.#set(true);
    try {
      // The first step is immediate; after it every stop is shown for its full time.
      let stands = Promise.resolve();
      for (let to: Stop | null = begin; to !== null; ) {
        const [show] = await Promise.all([this.#stage.prepare(to), stands]);
        if (run !== this.#run) return;
        stands = this.#stage.stand(STAND_MS);
        if (show === null) {
          // The other request takes precedence.
          await stands;
          continue;
        }
        show();
        to = this.#stage.next();
      }
    } catch {
      // The page reports a failed load; playing on would only fail again.
    }
    if (run === this.#run) this.pause();
  }

  #set(playing: boolean): void {
    if (this.#playing === playing) return;
    this.#playing = playing;
    this.#stage.playing(playing);
  }
}
