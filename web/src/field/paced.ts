/** Does something at once when it is asked for, and then so seldom that it takes a small part of the time however often it is asked for. */

import { tick } from "svelte";

const LEAST_MS = 200;
/** It may take one part in so many of the time. */
const SHARE = 10;

/** `act` with what is drawn after it. */
export function paced(act: () => Promise<void>): () => void {
  let [running, again] = [false, false];
  const run = async (): Promise<void> => {
    running = true;
    try {
      do {
        again = false;
        const begun = performance.now();
        await act();
        await tick();
        await new Promise((over) => setTimeout(over, Math.max(LEAST_MS, (SHARE - 1) * (performance.now() - begun))));
      } while (again);
    } finally {
      running = false;
    }
  };
  return () => {
    if (running) again = true;
    else void run().catch(() => undefined);
  };
}
