/** Runs a task immediately, then so rarely that it takes a small share of the time, however often it is requested. */

import { tick } from "svelte";

const LEAST_MS = 200;
/** The task may take one part in this many of the time. */
const SHARE = 10;

/** `act` includes the drawing that follows it. */
export function paced(act: () => Promise<void>): () => void {
  let state: "idle" | "busy" | "again" = "idle";
  const run = async (): Promise<void> => {
    state = "busy";
    const begun = performance.now();
    try {
      await act();
      await tick();
    } finally {
      setTimeout(next, Math.max(LEAST_MS, (SHARE - 1) * (performance.now() - begun)));
    }
  };
  const next = (): void => {
    if (state === "again") void run().catch(() => undefined);
    else state = "idle";
  };
  return () => {
    if (state === "idle") void run().catch(() => undefined);
    else state = "again";
  };
}
