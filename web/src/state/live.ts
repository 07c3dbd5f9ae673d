/**
 * Listens to /events, narrowed to what the page counts. The browser reconnects by itself after a break; after a
 * refusal this does, ever more slowly.
 */

import type { RevisionEvent } from "../shared/api/types.ts";

interface Listener {
  changed: (event: RevisionEvent) => void;
  /** `again`: there was a time without a stream before, so something may have been missed. */
  connected: (connected: boolean, again: boolean) => void;
  /** The stream for other filters stands; what changed under them since they were chosen was not told. */
  narrowed: () => void;
}

const LONGEST_WAIT_MS = 60_000;
/** Filters that change quickly one after the other open one stream. */
const CALM_MS = 300;

function parse(data: string): RevisionEvent | null {
  try {
    const event = JSON.parse(data) as Partial<RevisionEvent>;
    if (typeof event.revision !== "number") return null;
    return { revision: event.revision, bounds: event.bounds ?? null, tiles: event.tiles ?? null };
  } catch {
    return null;
  }
}

export class Live {
  #listener: Listener;
  #query: string;
  /** The server refused the filters once: it is not asked with them again, and tells of every change. */
  #plain = false;
  #events: EventSource | null = null;
  #broken = false;
  #renewed = false;
  #wait = 2000;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `query`: the filters as the server reads them, with the question mark; empty: every change. */
  constructor(listener: Listener, query: string) {
    this.#listener = listener;
    this.#query = query;
    this.#open();
  }

  /** Listens for the changes that these filters leave. */
  narrow(query: string): void {
    if (query === this.#query) return;
    this.#query = query;
    if (this.#plain) return;
    this.#renewed = true;
    this.#later(CALM_MS);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), ms);
  }

  #open(): void {
    this.#events?.close();
    const narrowed = this.#query !== "" && !this.#plain;
    const events = (this.#events = new EventSource(`/events${narrowed ? this.#query : ""}`));
    events.addEventListener("open", () => {
      this.#listener.connected(true, this.#broken);
      if (this.#renewed && !this.#broken) this.#listener.narrowed();
      this.#broken = this.#renewed = false;
      this.#wait = 2000;
    });
    events.addEventListener("revision", (message: MessageEvent<string>) => {
      const event = parse(message.data);
      if (event !== null) this.#listener.changed(event);
    });
    events.addEventListener("error", () => {
      this.#broken = true;
      // Closed for good: refused. With filters, they may be what is refused.
      const refused = events.readyState === EventSource.CLOSED;
      if (refused && narrowed) {
        this.#plain = true;
        this.#open();
        return;
      }
      this.#listener.connected(false, false);
      if (!refused) return;
      this.#later(this.#wait);
      this.#wait = Math.min(LONGEST_WAIT_MS, this.#wait * 2);
    });
  }
}
