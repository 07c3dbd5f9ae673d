/**
 * The state of the page: the reader's choices (kept in the address), the server's responses, and whether the two still
 * match. Components read it and call its methods; the map follows it.
 */

import * as api from "../shared/api/client.ts";
import type { Collection, OperatorRow, Overview, Region, RegionDetail, RevisionEvent } from "../shared/api/types.ts";
import { measureOf, type Measure } from "../map/measure.ts";
import type { Theme } from "../map/palette.ts";
import { chooseLang, speak, type Lang, type Speech } from "../shared/text/index.ts";
import { MOST_BESIDE, readAddress, writeAddress, type Counts, type Desk, type PageState, type View } from "./address.ts";
import { boundsOf } from "./bounds.ts";
import { NO_FILTERS, changedBy, figuresQuery, isFiltered, isPeriod, queryOf, suffix, type Filters } from "./filters.ts";
import { Live } from "./live.ts";
import { Player } from "./player.ts";
import { moved, stopAt, stopsOf, type Stop } from "./stops.ts";
import { UNKNOWN, wholeAt, type Whole } from "./whole.ts";

export type Reading = "loading" | "ready" | "failed" | "offline";

/** Where the map should move; the map reads and clears it. */
export type Goal = { bounds: [number, number, number, number] } | { center: [number, number]; zoom: number };

function presentMonth(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`;
}

const darkQuery = matchMedia("(prefers-color-scheme: dark)");

class Page {
  #address = $state<PageState>(readAddress(location.hash));
  #systemDark = $state(darkQuery.matches);

  overview = $state.raw<Overview | null>(null);
  detail = $state.raw<RegionDetail | null>(null);
  /** The months without date filters, for the timeline. */
  allMonths = $state.raw<RegionDetail["months"]>([]);
  /** The date of the loaded figures and map; the address has the requested one. */
  shownAsOf = $state<string | null>(null);
  /** Whether the loaded figures count the events of a period. */
  inPeriod = $state(false);
  /** The state being loaded, until it is complete. */
  awaited = $state.raw<{ asOf: string | null } | null>(null);
  playing = $state(false);
  operators = $state.raw<OperatorRow[]>([]);
  #ofAll = $state.raw<Whole>(UNKNOWN);
  reading = $state<Reading>("loading");
  unknownRegion = $state(false);
  /** The latest revision received while the page was open, until its note fades. */
  news = $state<number | null>(null);
  connected = $state(true);
  goal = $state.raw<Goal | null>(null);
  mapFailed = $state(false);
  /** The map's bounds and zoom, once it is idle. */
  seen = $state.raw<{ bounds: [number, number, number, number]; zoom: number; districts: ReadonlySet<string> } | null>(null);

  /** Called on every change of the records with the affected tiles; null for all. */
  onChange: (event: RevisionEvent | null) => void = () => undefined;
  /** Loads the map's tiles for a query in the background; resolves with the function that shows them. */
  turn: (query: string) => Promise<() => void> = () => Promise.resolve(() => undefined);

  readonly region = $derived(this.#address.region);
  readonly filters = $derived(this.#address.filters);
  readonly filtered = $derived(isFiltered(this.#address.filters));
  /** The date that the reader chose; null for now. */
  readonly asOf = $derived(this.#address.filters.asOf);
  /** The stops of the player. */
  readonly stops: readonly Stop[] = $derived(stopsOf(this.allMonths.map(({ month }) => month), presentMonth()));
  /** The state as the address has it. */
  readonly shown = $derived(this.#address);
  /** The address of this view. */
  readonly link = $derived(location.origin + location.pathname + writeAddress(this.#address));
  readonly counts = $derived(this.#address.counts);
  readonly dataTo = $derived(this.#ofAll.dataTo);
  readonly madeUp = $derived(this.#ofAll.madeUp);
  /** The operators of all records, regardless of filters. */
  readonly knownOperators = $derived(this.#ofAll.operators);
  readonly list = $derived(this.#address.list);
  readonly table = $derived(this.#address.table);
  readonly beside = $derived(this.#address.beside);
  readonly accidents = $derived(this.#address.accidents);
  readonly desk = $derived(this.#address.desk);
  readonly reviewed = $derived(this.#address.reviewed);
  readonly lang: Lang = $derived(chooseLang(this.#address.lang, navigator.languages));
  readonly speech: Speech = $derived(speak(this.lang));
  readonly themeChoice = $derived(this.#address.theme ?? "system");
  readonly theme: Theme = $derived(this.#address.theme ?? (this.#systemDark ? "dark" : "light"));
  readonly byId: ReadonlyMap<string, Region> = $derived(new Map((this.overview?.regions ?? []).map((region) => [region.id, region])));
  readonly country = $derived(this.overview?.regions.find((region) => region.level === "country") ?? null);
  /** The measure that colours the districts. */
  readonly measure: Measure = $derived(measureOf(this.overview, this.inPeriod, this.#address.counts));
  /** The query that the map and the list send. */
  readonly shownQuery = $derived(queryOf(this.#address.filters, { status: true }));

  readonly player = new Player({
    next: () => this.stops[stopAt(this.stops, this.asOf) + 1] ?? null,
    first: () => this.stops[0] ?? null,
    prepare: async ({ asOf }) => {
      const show = await this.#readyFor({ ...this.#address, filters: changedBy(this.#address.filters, { asOf }) });
      if (show === null) return null;
      return () => {
        if (show()) this.#date(asOf, { walking: true });
      };
    },
    stand: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    playing: (playing) => {
      this.playing = playing;
      // Drop the state being prepared, and load changes that arrived during playback.
      if (!playing) void this.read();
    },
  });

  #reads: AbortController | null = null;
  #walking = false;
  #whole = { of: "", months: [] as RegionDetail["months"] };
  #live: Live | null = null;
  #newsTimer: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;

  get startView(): View | null {
    return this.#address.view;
  }

  start(): void {
    darkQuery.addEventListener("change", (event) => (this.#systemDark = event.matches));
    addEventListener("popstate", () => {
      this.player.pause();
      const before = this.#address;
      this.#address = readAddress(location.hash);
      const { view } = this.#address;
      if (view !== null) this.goal = { center: [view.lon, view.lat], zoom: view.zoom };
      if (JSON.stringify([before.region, before.filters]) !== JSON.stringify([this.#address.region, this.#address.filters])) void this.read();
    });
    addEventListener("online", () => void this.read());
    this.#live = new Live(
      {
        changed: (event) => this.#changed(event),
        connected: (connected, again) => {
          this.connected = connected;
          if (connected && again) {
            this.#whole.of = "";
            this.onChange(null);
            void this.read();
          }
        },
        narrowed: () => void this.#catchUp(),
      },
      this.#liveQuery(),
    );
    void this.read();
  }

  /** Reloads the figures and tiles; the previous ones stay on the screen until then. Returns false if cancelled. */
  async read(): Promise<boolean> {
    this.#live?.narrow(this.#liveQuery());
    try {
      const show = await this.#readyFor(this.#address);
      return show?.() ?? false;
    } catch {
      return false;
    }
  }

  /**
   * Loads the figures and tiles for an address. Resolves with the function that shows everything at once, which returns
   * false if it was superseded; with null if superseded earlier. Rejects if loading failed.
   */
  async #readyFor(address: PageState): Promise<(() => boolean) | null> {
    this.#reads?.abort();
    const reads = (this.#reads = new AbortController());
    const { signal } = reads;
    const { region, filters } = address;
    const { asOf } = filters;
    const query = figuresQuery(filters);
    if (this.overview === null) this.reading = "loading";
    this.awaited = { asOf };
    try {
      const turned = this.turn(suffix(queryOf(filters, { status: true })));
      const overview = await api.overview(query, signal);
      const id = region ?? overview.regions.find((each) => each.level === "country")?.id ?? null;
      const unknown = id !== null && !overview.regions.some((each) => each.id === id);
      const known = id !== null && !unknown;
      const [detail, operators, months, whole, turn] = await Promise.all([
        known ? api.regionDetail(id, query, signal) : null,
        api.operators(region, queryOf(filters, { status: false }), signal),
        known ? this.#wholeSeries(id, filters, signal) : [],
        this.#ofAll.revision === overview.revision ? this.#ofAll : wholeAt(overview.revision, signal),
        turned,
      ]);
      if (signal.aborted) return null;
      this.awaited = null;
      return () => {
        if (signal.aborted) return false;
        turn();
        this.unknownRegion = unknown;
        this.overview = overview;
        this.detail = detail;
        this.operators = operators;
        this.#ofAll = whole;
        this.allMonths = months ?? detail?.months ?? [];
        this.shownAsOf = asOf;
        this.inPeriod = isPeriod(filters);
        this.reading = "ready";
        return true;
      };
    } catch (error) {
      if (signal.aborted) return null;
      this.awaited = null;
      this.reading = error instanceof api.Unreachable ? "offline" : "failed";
      throw error;
    }
  }

  /** The months of a region regardless of date filters; null if its figures already are. Loaded once for all dates. */
  async #wholeSeries(id: string, filters: Filters, signal: AbortSignal): Promise<RegionDetail["months"] | null> {
    if (filters.from === null && filters.to === null && filters.asOf === null) return null;
    const query = queryOf({ ...filters, from: null, to: null, asOf: null }, { status: false });
    const of = api.regionUrl(id, query);
    if (this.#whole.of !== of) this.#whole = { of, months: (await api.regionDetail(id, query, signal)).months };
    return this.#whole.months;
  }

  /** Reloads the figures, and the tiles if anything changed since. */
  async #catchUp(): Promise<void> {
    const before = this.overview?.revision;
    if ((await this.read()) && this.overview?.revision !== before) this.onChange(null);
  }

  /** The query of counted changes: both statuses, because a share needs them; any date. */
  #liveQuery(): string {
    return suffix(queryOf({ ...this.#address.filters, asOf: null }, { status: false }));
  }

  choose(region: string | null, options: { fly: boolean } = { fly: true }): void {
    const target = region === null ? this.country : this.byId.get(region);
    const id = target?.level === "country" ? null : region;
    if (id !== this.#address.region) this.#go({ region: id });
    const bounds = id === null ? this.recordedBounds() : target?.bounds;
    if (options.fly && bounds != null) this.goal = { bounds };
    void this.read();
  }

  filter(change: Partial<Filters>): void {
    const filters = changedBy(this.#address.filters, change);
    if (filters.asOf !== this.asOf) this.player.pause();
    this.#go({ filters });
    void this.read();
  }

  /** Clears the filters; the date stays. */
  resetFilters(): void {
    this.filter({ ...NO_FILTERS, asOf: this.asOf });
  }

  /**
   * Shows the records at the end of a day; null for now. `walking`: an intermediate step (a held key, a drag), which Back
   * does not revisit.
   */
  stateAt(asOf: string | null, options: { walking: boolean } = { walking: false }): void {
    this.player.pause();
    if (asOf === this.asOf) return;
    this.#date(asOf, options);
    void this.#walk();
  }

  /** Moves this many stops along the timeline. */
  step(by: number): void {
    const to = this.stops[moved(stopAt(this.stops, this.asOf), by, this.stops.length - 1)];
    if (to !== undefined) this.stateAt(to.asOf, { walking: true });
  }

  #date(asOf: string | null, { walking }: { walking: boolean }): void {
    const filters = changedBy(this.#address.filters, { asOf });
    this.#go({ filters }, walking && this.asOf !== null ? "replaceState" : "pushState");
  }

  /** Follows the requested date: one load after the other while it changes, so that a drag shows intermediate states. */
  async #walk(): Promise<void> {
    if (this.#walking) return;
    this.#walking = true;
    let read: boolean, wished: string | null;
    do {
      wished = this.asOf;
      read = await this.read();
      // Do not retry a failed date, unless another one was requested meanwhile.
    } while (this.shownAsOf !== this.asOf && (read || this.asOf !== wished));
    this.#walking = false;
  }

  speakIn(lang: Lang): void {
    this.#go({ lang });
  }

  paint(theme: Theme | "system"): void {
    this.#go({ theme: theme === "system" ? null : theme });
  }

  countBy(counts: Counts): void {
    this.#go({ counts });
  }

  showList(list: boolean): void {
    this.#go({ list, table: null });
  }

  /** Opens the table of these districts, in place of the list; null closes it. */
  showTable(table: string | null): void {
    this.#go({ table, list: false });
  }

  /** Selects a district for the comparison, or removes it. */
  putBeside(id: string): void {
    const { beside } = this.#address;
    this.#go({ beside: beside.includes(id) ? beside.filter((each) => each !== id) : [...beside, id].slice(0, MOST_BESIDE) });
  }

  showAccidents(accidents: boolean): void {
    this.#go({ accidents });
  }

  openDesk(desk: Desk | null): void {
    this.#go({ desk });
  }

  /** Shows the records of a collection in the review. */
  review(reviewed: Collection): void {
    this.#go({ reviewed });
  }

  /** The map moved: update the address without a history entry. */
  moved(view: View): void {
    const before = this.#address.view;
    // A map that only became idle has not moved: rewriting the address would lose one just requested.
    if (before?.zoom === view.zoom && before.lat === view.lat && before.lon === view.lon) return;
    this.#address = { ...this.#address, view };
    this.#write("replaceState");
  }

  /** The bounding box of the districts with records; the country if there are none. */
  recordedBounds(): [number, number, number, number] | undefined {
    return boundsOf(this.overview?.regions ?? []);
  }

  #go(change: Partial<PageState>, how: "pushState" | "replaceState" = "pushState"): void {
    this.#address = { ...this.#address, ...change };
    this.#write(how);
  }

  #write(how: "pushState" | "replaceState"): void {
    const address = location.pathname + location.search + writeAddress(this.#address);
    history[how](null, "", address);
  }

  #changed(event: RevisionEvent): void {
    this.onChange(event);
    this.news = event.revision;
    clearTimeout(this.#newsTimer);
    this.#newsTimer = setTimeout(() => (this.news = null), 8000);
    this.#whole.of = "";
    // Many small uploads in a row reload the figures once; during playback the next month reloads them anyway.
    if (this.playing || this.#readTimer !== undefined) return;
    this.#readTimer = setTimeout(() => {
      this.#readTimer = undefined;
      void this.read();
    }, 250);
  }
}

export const page = new Page();
