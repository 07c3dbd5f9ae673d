/**
 * Plays the stops one after the other. A stop is shown when it has been prepared as a whole and the one before it has
 * stood long enough: it never shows half a month. No clock and no page in here; both come in as the stage.
 */

import type { Stop } from "./stops.ts";

export const STAND_MS = 1200;

export interface Stage {
  /** The stop after the one that is shown; null at the end. */
  next: () => Stop | null;
  /** The stop from which it plays when it stands at the end. */
  first: () => Stop | null;
  /** Makes a stop ready. Resolves with the act of showing it, or with null when another wish came between. */
  prepare: (stop: Stop) => Promise<(() => void) | null>;
  stand: (ms: number) => Promise<void>;
  playing: (playing: boolean) => void;
}

export class Player {
  #stage: Stage;
  /** Counts up with every start and stop: what an earlier run still awaits comes to nothing. */
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

  /** Plays on from the stop that is shown; from the first when it is the last. Resolves when it stops. */
  async play(): Promise<void> {
    const run = (this.#run += 1);
    const begin = this.#stage.next() ?? this.#stage.first();
    if (begin === null) return;
    this.#set(true);
    try {
      // The first press is answered at once; after it every stop stands its time.
      let stands = Promise.resolve();
      for (let to: Stop | null = begin; to !== null; ) {
        const [show] = await Promise.all([this.#stage.prepare(to), stands]);
        if (run !== this.#run) return;
        stands = this.#stage.stand(STAND_MS);
        if (show === null) {
          // The other wish is served first.
          await stands;
          continue;
        }
        show();
        to = this.#stage.next();
      }
    } catch {
      // What could not be read is told by the page; playing on would only fail again.
    }
    if (run === this.#run) this.pause();
  }

  #set(playing: boolean): void {
    if (this.#playing === playing) return;
    this.#playing = playing;
    this.#stage.playing(playing);
  }
}
