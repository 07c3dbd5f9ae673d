/**
 * Listens to /events, filtered to what the page counts. The browser reconnects after a break; after a refusal this module
 * does, with growing delays.
 */

import type { RevisionEvent } from "../shared/api/types.ts";

interface Listener {
  changed: (event: RevisionEvent) => void;
  /** `again`: the stream was interrupted, so changes may have been missed. */
  connected: (connected: boolean, again: boolean) => void;
  /** The stream for other filters is open; changes between choosing them and now were not reported. */
  narrowed: () => void;
}

const LONGEST_WAIT_MS = 60_000;
/** Rapid changes of the filters open one stream. */
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
  /** The query of all changes, for a server that refused the filters once. */
  #all: string;
  #plain = false;
  #events: EventSource | null = null;
  #broken = false;
  #renewed = false;
  #wait = 2000;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `query`: the filters as the server reads them, with the question mark; `all`: the same without filters. */
  constructor(listener: Listener, query: string, all = "") {
    this.#listener = listener;
    this.#all = all;
    this.#query = query;
    this.#open();
  }

  /** Listens for the changes that match these filters. */
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
    const narrowed = this.#query !== this.#all && !this.#plain;
    const events = (this.#events = new EventSource(`/events${narrowed ? this.#query : this.#all}`));
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
      // Closed for good: refused. The filters may be the cause.
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
