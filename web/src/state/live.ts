/** Listens to /events. The browser reconnects by itself after a break; after a refusal this does, ever more slowly. */

import type { RevisionEvent } from "../api/types.ts";

interface Listener {
  changed: (event: RevisionEvent) => void;
  /** `again`: there was a break before, so something may have been missed. */
  connected: (connected: boolean, again: boolean) => void;
}

const LONGEST_WAIT_MS = 60_000;

function parse(data: string): RevisionEvent | null {
  try {
    const event = JSON.parse(data) as Partial<RevisionEvent>;
    if (typeof event.revision !== "number") return null;
    return { revision: event.revision, bounds: event.bounds ?? null, tiles: event.tiles ?? [] };
  } catch {
    return null;
  }
}

export function follow(listener: Listener): void {
  let broken = false;
  let wait = 2000;

  const open = (): void => {
    const events = new EventSource("/events");
    events.addEventListener("open", () => {
      listener.connected(true, broken);
      broken = false;
      wait = 2000;
    });
    events.addEventListener("revision", (message: MessageEvent<string>) => {
      const event = parse(message.data);
      if (event !== null) listener.changed(event);
    });
    events.addEventListener("error", () => {
      broken = true;
      listener.connected(false, false);
      if (events.readyState !== EventSource.CLOSED) return;
      setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
  };

  open();
}
