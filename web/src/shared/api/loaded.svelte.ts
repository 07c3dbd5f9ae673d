/** A value from the server that follows what a component shows. Create it while the component is initialised. */
export class Loaded<T> {
  /** The newest value; the previous one until it has arrived. */
  value = $state.raw<T | null>(null);
  failed = $state(false);
  #again = $state(0);

  /** `load` runs again when anything reactive that it reads changes; null if there is nothing to load. */
  constructor(load: (signal: AbortSignal) => Promise<T> | null) {
    $effect(() => {
      const reads = new AbortController();
      // Read, so that `again` runs this once more.
      const loading = this.#again >= 0 ? load(reads.signal) : null;
      loading?.then(
        (value) => {
          if (reads.signal.aborted) return;
          this.value = value;
          this.failed = false;
        },
        () => {
          if (reads.signal.aborted) return;
          this.value = null;
          this.failed = true;
        },
      );
      return () => reads.abort();
    });
  }

  again(): void {
    this.#again += 1;
  }
}
