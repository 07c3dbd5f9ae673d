/**
 * The state of the page: what the reader chose (kept in the address), what the server answered, and whether the two
 * still agree. Components read it and call its methods; the map follows it.
 */

import * as api from "../api/client.ts";
import type { OperatorRow, Overview, Region, RegionDetail, RevisionEvent } from "../api/types.ts";
import type { Theme } from "../map/palette.ts";
import { chooseLang, speak, type Lang, type Speech } from "../text/index.ts";
import { readAddress, writeAddress, type PageState, type View } from "./address.ts";
import { NO_FILTERS, isFiltered, queryOf, type Filters } from "./filters.ts";
import { follow } from "./live.ts";

export type Reading = "loading" | "ready" | "failed" | "offline";

/** Where the map shall go; the map takes it and clears it. */
export type Goal = { bounds: [number, number, number, number] } | { center: [number, number]; zoom: number };

const darkQuery = matchMedia("(prefers-color-scheme: dark)");

class Page {
  #address = $state<PageState>(readAddress(location.hash));
  #systemDark = $state(darkQuery.matches);

  overview = $state.raw<Overview | null>(null);
  detail = $state.raw<RegionDetail | null>(null);
  /** The months without the date filter, for the time line. */
  allMonths = $state.raw<RegionDetail["months"]>([]);
  operators = $state.raw<OperatorRow[]>([]);
  reading = $state<Reading>("loading");
  unknownRegion = $state(false);
  /** The revision that last came in while the page was open, until its note fades. */
  news = $state<number | null>(null);
  connected = $state(true);
  goal = $state.raw<Goal | null>(null);
  mapFailed = $state(false);
  /** What the map covers and at which zoom, once it stands still. */
  seen = $state.raw<{ bounds: [number, number, number, number]; zoom: number } | null>(null);

  /** Told of every change of the records, with the tiles that it touches; null: all of them. */
  onChange: (event: RevisionEvent | null) => void = () => undefined;

  readonly region = $derived(this.#address.region);
  readonly filters = $derived(this.#address.filters);
  readonly filtered = $derived(isFiltered(this.#address.filters));
  readonly list = $derived(this.#address.list);
  readonly lang: Lang = $derived(chooseLang(this.#address.lang, navigator.languages));
  readonly speech: Speech = $derived(speak(this.lang));
  readonly themeChoice = $derived(this.#address.theme ?? "system");
  readonly theme: Theme = $derived(this.#address.theme ?? (this.#systemDark ? "dark" : "light"));
  readonly byId: ReadonlyMap<string, Region> = $derived(new Map((this.overview?.regions ?? []).map((region) => [region.id, region])));
  readonly country = $derived(this.overview?.regions.find((region) => region.level === "country") ?? null);
  /** The query that the map and the list send. */
  readonly shownQuery = $derived(queryOf(this.#address.filters, { status: true }));

  #reads: AbortController | null = null;
  #newsTimer: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;

  get startView(): View | null {
    return this.#address.view;
  }

  start(): void {
    darkQuery.addEventListener("change", (event) => (this.#systemDark = event.matches));
    addEventListener("popstate", () => {
      const before = this.#address;
      this.#address = readAddress(location.hash);
      const { view } = this.#address;
      if (view !== null) this.goal = { center: [view.lon, view.lat], zoom: view.zoom };
      if (JSON.stringify([before.region, before.filters]) !== JSON.stringify([this.#address.region, this.#address.filters])) void this.read();
    });
    addEventListener("online", () => void this.read());
    follow({
      changed: (event) => this.#changed(event),
      connected: (connected, again) => {
        this.connected = connected;
        if (connected && again) {
          this.onChange(null);
          void this.read();
        }
      },
    });
    void this.read();
  }

  /** Reads the figures anew. What was read before stays on the screen until then. */
  async read(): Promise<void> {
    this.#reads?.abort();
    const reads = (this.#reads = new AbortController());
    const { signal } = reads;
    const { region, filters } = this.#address;
    const query = queryOf(filters, { status: false });
    if (this.overview === null) this.reading = "loading";
    try {
      const overview = await api.overview(query, signal);
      const id = region ?? overview.regions.find((each) => each.level === "country")?.id ?? null;
      this.unknownRegion = id !== null && !overview.regions.some((each) => each.id === id);
      const open = queryOf({ ...filters, from: null, to: null }, { status: false });
      const dated = filters.from !== null || filters.to !== null;
      const known = id !== null && !this.unknownRegion;
      const [detail, operators, whole] = await Promise.all([
        known ? api.regionDetail(id, query, signal) : null,
        api.operators(region, query, signal),
        known && dated ? api.regionDetail(id, open, signal) : null,
      ]);
      if (signal.aborted) return;
      this.overview = overview;
      this.detail = detail;
      this.operators = operators;
      this.allMonths = (whole ?? detail)?.months ?? [];
      this.reading = "ready";
    } catch (error) {
      if (signal.aborted) return;
      this.reading = error instanceof api.Unreachable ? "offline" : "failed";
    }
  }

  choose(region: string | null, options: { fly: boolean } = { fly: true }): void {
    const target = region === null ? this.country : this.byId.get(region);
    const id = target?.level === "country" ? null : region;
    if (id !== this.#address.region) this.#go({ region: id });
    const bounds = id === null ? this.recordedBounds() : target?.bounds;
    if (options.fly && bounds !== undefined) this.goal = { bounds };
    void this.read();
  }

  filter(change: Partial<Filters>): void {
    const filters = { ...this.#address.filters, ...change };
    if (filters.status.length === 0) filters.status = [...NO_FILTERS.status];
    this.#go({ filters });
    void this.read();
  }

  resetFilters(): void {
    this.filter(NO_FILTERS);
  }

  speakIn(lang: Lang): void {
    this.#go({ lang });
  }

  paint(theme: Theme | "system"): void {
    this.#go({ theme: theme === "system" ? null : theme });
  }

  showList(list: boolean): void {
    this.#go({ list });
  }

  /** The map moved: the address follows, without a step for Back. */
  moved(view: View): void {
    this.#address = { ...this.#address, view };
    this.#write("replaceState");
  }

  /** The box around the districts that have records; the country when there are none. */
  recordedBounds(): [number, number, number, number] | undefined {
    const districts = (this.overview?.regions ?? []).filter((region) => region.level === "district");
    const counted = districts.filter((region) => region.recorded.records > 0);
    const boxes = (counted.length > 0 ? counted : districts).map((region) => region.bounds);
    if (boxes.length === 0) return undefined;
    return boxes.reduce(([w, s, e, n], box) => [Math.min(w, box[0]), Math.min(s, box[1]), Math.max(e, box[2]), Math.max(n, box[3])]);
  }

  #go(change: Partial<PageState>): void {
    this.#address = { ...this.#address, ...change };
    this.#write("pushState");
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
    // Many small uploads in a row ask for the figures once.
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => void this.read(), 250);
  }
}

export const page = new Page();
