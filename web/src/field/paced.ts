/** Does something at once when it is asked for, and then so seldom that it takes a small part of the time however often it is asked for. */

import { tick } from "svelte";

const LEAST_MS = 200;
/** It may take one part in so many of the time. */
const SHARE = 10;

/** `act` with what is drawn after it. */
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
