/**
 * The review queue. A decision removes its records from the list at once and is sent in the background, one after the other;
 * records that the server refuses to decide return with the reason.
 */

import { SvelteSet } from "svelte/reactivity";

import * as api from "../shared/api/access.ts";
import type { Collection } from "../shared/api/types.ts";
import { session } from "../state/session.svelte.ts";
import { cursorAfter, isFlagged, meant, span, together } from "./selection.ts";

/** The number of records per page. */
const PAGE = 50;

/** How long a decision can be undone. */
const UNDO_MS = 60_000;

/** A decision that can be undone. */
export interface Undoable {
  href: string;
  verdict: api.Verdict;
  n: number;
}

export class WorkQueue {
  readonly collection: Collection;
  entries = $state.raw<api.Entry[]>([]);
  cursor = $state(0);
  readonly selected = new SvelteSet<string>();
  state = $state<api.Listed>("submitted");
  region = $state<string | null>(null);
  waiting = $state.raw<api.Queue["waiting"] | null>(null);
  next = $state<number | null>(null);
  reading = $state<"loading" | "ready" | "failed">("loading");
  /** The number of records decided here, and of decisions in progress. */
  decided = $state(0);
  sending = $state(0);
  refused = $state.raw<{ n: number; why: string } | null>(null);
  /** The decisions of the last minute, oldest first. */
  undoable = $state.raw<readonly Undoable[]>([]);
  /** The number of records restored by the last undo; null if there was none since the last decision. */
  undone = $state<number | null>(null);

  readonly current = $derived(this.entries[this.cursor] ?? null);
  readonly ids = $derived(this.entries.map(({ key }) => key));
  readonly meant = $derived(meant(this.ids, this.selected, this.cursor));
  readonly entriesMeant = $derived(this.entries.filter(({ key }) => this.meant.includes(key)));
  /** The number of records that can only be selected one by one. */
  readonly flagged = $derived(this.entries.filter(isFlagged).length);

  #anchor = 0;
  #sent: Promise<void> = Promise.resolve();
  #reads: AbortController | null = null;

  constructor(collection: Collection) {
    this.collection = collection;
  }

  narrow(change: { state?: api.Listed; region?: string | null }): void {
    if (change.state !== undefined) this.state = change.state;
    if (change.region !== undefined) this.region = change.region;
    this.decided = 0;
    void this.read();
  }

  /** Loads the page after `after` in place of the list. */
  async read(after = 0): Promise<void> {
    this.#reads?.abort();
    const mine = (this.#reads = new AbortController());
    this.reading = "loading";
    try {
      // Wait, because decisions in progress would be listed again.
      await this.#sent;
      const page = await api.queue({ collection: this.collection, state: this.state, region: this.region, after, limit: PAGE }, mine.signal);
      if (mine.signal.aborted) return;
      this.entries = page.records;
      this.next = page.next;
      this.#count(page.waiting);
      this.selected.clear();
      this.cursor = this.#anchor = 0;
      this.reading = "ready";
    } catch {
      if (!mine.signal.aborted) this.reading = "failed";
    }
  }

  nextPage(): void {
    if (this.next !== null && this.reading === "ready") void this.read(this.next);
  }

  go(to: number): void {
    this.cursor = Math.max(0, Math.min(this.entries.length - 1, to));
  }

  /** Toggles a record; `through`: sets all from the last toggled record to this one, except flagged ones. */
  toggle(at: number, through = false): void {
    const id = this.ids[at];
    if (id === undefined) return;
    if (through) {
      const clean = together(this.entries);
      for (const each of span(this.ids, this.#anchor, at)) if (clean.includes(each)) this.selected.add(each);
    } else if (!this.selected.delete(id)) this.selected.add(id);
    this.#anchor = this.cursor = at;
  }

  /** Selects all records except flagged ones, which are selected one by one. */
  selectAll(all: boolean): void {
    this.selected.clear();
    if (all) for (const id of together(this.entries)) this.selected.add(id);
  }

  /** Decides on the targeted records, or on these of them. */
  decide(verdict: api.Verdict, reason: string | null, keys: readonly string[] = this.meant): void {
    const gone: ReadonlySet<string> = new SvelteSet(keys);
    const records = this.entries.filter(({ key }) => gone.has(key));
    if (records.length === 0) return;
    this.cursor = cursorAfter(this.ids, gone, this.cursor);
    this.#anchor = this.cursor;
    this.entries = this.entries.filter(({ key }) => !gone.has(key));
    this.selected.clear();
    this.decided += records.length;
    this.#move(records.length, verdict);
    this.refused = null;
    this.undone = null;
    this.sending += 1;
    this.#sent = this.#sent.then(() => this.#send(verdict, reason, records)).finally(() => (this.sending -= 1));
    // Load the next page; after the last one, start over, as new records may have arrived.
    if (this.entries.length === 0) void this.read(this.next ?? 0);
  }

  /** Undoes the last decision and reloads the queue. */
  undo(): void {
    const last = this.undoable.at(-1);
    if (last === undefined) return;
    this.#drop(last);
    this.sending += 1;
    const undoing = this.#sent.then(async () => {
      try {
        this.undone = await api.undo(last.href);
        this.decided = Math.max(0, this.decided - last.n);
      } catch (error) {
        this.refused = { n: last.n, why: error instanceof api.Denied ? error.detail : "" };
      }
    });
    this.#sent = undoing.finally(() => (this.sending -= 1));
    void this.read();
  }

  #offer(undoable: Undoable): void {
    this.undoable = [...this.undoable, undoable];
    setTimeout(() => this.#drop(undoable), UNDO_MS);
  }

  #drop(gone: Undoable): void {
    this.undoable = this.undoable.filter((each) => each !== gone);
  }

  async #send(verdict: api.Verdict, reason: string | null, records: api.Entry[]): Promise<void> {
    let back = records;
    let why: string;
    try {
      if (records[0]?.held != null) {
        await this.#sendHeld(verdict, reason, records);
        return;
      }
      const asked = records.map(({ feature }) => ({ id: feature.id, revision: feature.properties.revision ?? 0 }));
      const { problems, undo } = await api.decide(this.collection, verdict, reason, asked);
      if (undo !== null) this.#offer({ href: undo.href, verdict, n: records.length - problems.length });
      const rows = problems.map(({ row }) => row);
      back = records.filter((_, i) => rows.includes(i + 1));
      why = problems[0]?.detail ?? problems[0]?.title ?? "";
    } catch (error) {
      why = error instanceof api.Denied ? error.detail : "";
    }
    this.#back(back, verdict, why);
  }

  /** One after the other: each is independent. */
  async #sendHeld(verdict: api.Verdict, reason: string | null, records: api.Entry[]): Promise<void> {
    const back: api.Entry[] = [];
    let why = "";
    for (const entry of records) {
      try {
        await api.decideHeld(entry, verdict === "approved", reason);
      } catch (error) {
        back.push(entry);
        why = error instanceof api.Denied ? error.detail : "";
      }
    }
    this.#back(back, verdict, why);
  }

  /** Undecided records return to the list. */
  #back(back: api.Entry[], verdict: api.Verdict, why: string): void {
    if (back.length === 0) return;
    this.entries = [...this.entries, ...back];
    this.decided -= back.length;
    this.#move(-back.length, verdict);
    this.refused = { n: back.length, why };
  }

  /** Keeps the counts consistent until the next page brings new ones. */
  #move(n: number, verdict: api.Verdict): void {
    if (this.waiting === null) return;
    const waiting = { ...this.waiting };
    if (this.state !== "approved") waiting[this.state] -= n;
    if (verdict !== "approved" && this.state !== "held") waiting[verdict] += n;
    this.#count(waiting);
  }

  #count(waiting: api.Queue["waiting"]): void {
    this.waiting = waiting;
    session.count(this.collection, waiting);
  }
}
