/** What is being printed. The browser's own print command prints the map as it is on the screen. */

import { flushSync } from "svelte";

import { pageRule, type Paper } from "./paper.ts";

export interface Job {
  what: "map" | "figures";
  paper: Paper;
  /** Whether there was no time to draw the map for the paper. */
  hurried: boolean;
}

class Printing {
  job = $state.raw<Job | null>(null);
  /** Resolves with whether the paper is ready. */
  #ready: ((ready: boolean) => void) | null = null;
  #rule = new CSSStyleSheet();

  start(): void {
    document.adoptedStyleSheets.push(this.#rule);
    addEventListener("beforeprint", () => {
      if (this.job === null) flushSync(() => this.#set({ what: "map", paper: { size: "A4", turn: "landscape" }, hurried: true }));
    });
    addEventListener("afterprint", () => this.#set(null));
  }

  /** Prepares the paper, then opens the browser's print dialog. Returns whether the map could be drawn. */
  async print(what: Job["what"], paper: Paper): Promise<boolean> {
    const ready = new Promise<boolean>((resolve) => (this.#ready = resolve));
    this.#set({ what, paper, hurried: false });
    if (await ready) {
      print();
      return true;
    }
    this.#set(null);
    return false;
  }

  drawn(ready: boolean): void {
    this.#ready?.(ready);
    this.#ready = null;
  }

  #set(job: Job | null): void {
    this.job = job;
    this.#rule.replaceSync(job === null ? "" : pageRule(job.paper));
  }
}

export const printing = new Printing();
