/** The queue of refused uploads that their sender cannot correct. */

import * as api from "../shared/api/access.ts";

/** The number of uploads per page. */
const PAGE = 50;

export class RefusedQueue {
  uploads = $state.raw<api.RefusedUpload[]>([]);
  cursor = $state(0);
  next = $state<number | null>(null);
  waiting = $state<number | null>(null);
  reading = $state<"loading" | "ready" | "failed">("loading");
  /** The server's error for the last resolution it did not accept. */
  refused = $state<string | null>(null);

  /** The text being written for each upload. */
  readonly written = $state<Record<string, string>>({});
  /** The upload being resolved. */
  settling = $state<string | null>(null);

  readonly current = $derived(this.uploads[this.cursor] ?? null);

  #reads: AbortController | null = null;

  /** Loads the page after `after` in place of the list. */
  async read(after = 0): Promise<void> {
    this.#reads?.abort();
    const mine = (this.#reads = new AbortController());
    this.reading = "loading";
    try {
      const page = await api.refused(after, PAGE, mine.signal);
      if (mine.signal.aborted) return;
      this.uploads = page.uploads;
      this.next = page.next;
      this.waiting = page.waiting.refused;
      this.cursor = 0;
      this.reading = "ready";
    } catch {
      if (!mine.signal.aborted) this.reading = "failed";
    }
  }

  /** Removes an upload from the list once the server has. */
  async settle(upload: string, reason: string): Promise<void> {
    if (this.settling !== null) return;
    this.settling = upload;
    this.refused = null;
    try {
      await api.settle(upload, reason);
    } catch (error) {
      this.refused = error instanceof api.Denied ? error.detail : "";
      return;
    } finally {
      this.settling = null;
    }
    this.uploads = this.uploads.filter((each) => each.upload !== upload);
    this.cursor = Math.min(this.cursor, Math.max(0, this.uploads.length - 1));
    if (this.waiting !== null) this.waiting -= 1;
    if (this.uploads.length === 0 && this.next !== null) await this.read(this.next);
  }

  stop(): void {
    this.#reads?.abort();
  }
}
