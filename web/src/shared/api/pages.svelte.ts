/** Records of a collection, page by page. */

import { nextPage, read } from "./client.ts";

interface PageOf<T> {
  features: T[];
  numberMatched?: number;
  links: { rel: string; href: string }[];
}

export class Pages<T> {
  features = $state.raw<T[]>([]);
  /** The number of all records; null if unknown. */
  matched = $state<number | null>(null);
  /** The address of the next page; null on the last one. */
  next = $state<string | null>(null);
  reading = $state<"loading" | "ready" | "failed">("loading");
  #reads: AbortController | null = null;

  /** Replaces the records with the page at this address. */
  open(url: string): Promise<void> {
    return this.#read(url, () => []);
  }

  /** Adds the next page. */
  async more(): Promise<void> {
    if (this.next !== null) await this.#read(this.next, () => this.features);
  }

  async #read(url: string, before: () => T[]): Promise<void> {
    this.#reads?.abort();
    const mine = (this.#reads = new AbortController());
    this.reading = "loading";
    try {
      const page = (await read(url, mine.signal)) as PageOf<T>;
      this.features = [...before(), ...page.features];
      this.matched = page.numberMatched ?? null;
      this.next = nextPage(page);
      this.reading = "ready";
    } catch {
      if (!mine.signal.aborted) this.reading = "failed";
    }
  }
}
