/**
 * The page's state in the address after `#`: the server never sees it, a link reopens the same view, and Back works. Pure:
 * parsing and formatting only, no history, no window.
 */

import { NO_FILTERS, isKind, isStatus, type Filters } from "./filters.ts";
import { isDay } from "./days.ts";
import { COLLECTIONS, STATUSES, type Collection } from "../shared/api/types.ts";

export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

export interface PageState {
  view: View | null;
  region: string | null;
  filters: Filters;
  /** Null: the browser's preference. */
  lang: string | null;
  theme: "light" | "dark" | null;
  list: boolean;
  /** The districts in the open table: `all`, `selected` or those of a region. Null if it is closed. */
  table: string | null;
  /** The districts selected in the table. */
  beside: string[];
  /** Whether the map shows accidents. */
  accidents: boolean;
  /** Which of the two events of a period colours the districts. */
  counts: Counts;
  /** The work page that a signed-in user opened over the map. */
  desk: Desk | null;
  /** The collection that the review shows. */
  reviewed: Collection;
}

export type Counts = "neutralised" | "found";

export const DESKS = ["review", "tokens"] as const;
export type Desk = (typeof DESKS)[number];

export const START: PageState = { view: null, region: null, filters: NO_FILTERS, lang: null, theme: null, list: false, table: null, beside: [], accidents: true, counts: "neutralised", desk: null, reviewed: "detections" };

/** As many districts fit side by side. */
export const MOST_BESIDE = 4;

function isId(text: string): text is string {
  return /^[\w-]{1,64}$/.test(text);
}

function words<T extends string>(text: string | null, known: (word: string) => word is T): T[] {
  return [...new Set((text ?? "").split(",").filter(known))];
}

function day(text: string | null): string | null {
  return text !== null && isDay(text) ? text : null;
}

function readView(text: string | null): View | null {
  const [zoom, lat, lon, ...rest] = (text ?? "").split("/").map((part) => (part === "" ? NaN : Number(part)));
  if (zoom === undefined || lat === undefined || lon === undefined || rest.length > 0) return null;
  const inside = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85.06 && Math.abs(lon) <= 180;
  return inside ? { zoom, lat, lon } : null;
}

/** Parses the part after `#`. Ignores unknown parts, so that old links still open. */
export function readAddress(hash: string): PageState {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const status = words(query.get("status"), isStatus);
  const from = day(query.get("from"));
  const to = day(query.get("to"));
  const region = query.get("region");
  const table = query.get("districts");
  const operator = query.get("operator");
  const theme = query.get("theme");
  const asOf = day(query.get("as_of"));
  const backwards = from !== null && to !== null && from > to;
  return {
    view: readView(query.get("at")),
    region: region !== null && isId(region) ? region : null,
    filters: {
      status: status.length === 0 ? [...STATUSES] : STATUSES.filter((s) => status.includes(s)),
      kinds: words(query.get("kind"), isKind),
      operator: operator !== null && operator.length <= 200 && !operator.includes(",") ? operator : null,
      // With a date there is no period.
      from: asOf !== null ? null : backwards ? to : from,
      to: asOf !== null ? null : backwards ? from : to,
      asOf,
    },
    lang: query.get("lang"),
    theme: theme === "light" || theme === "dark" ? theme : null,
    list: query.get("list") === "1",
    table: table !== null && isId(table) ? table : null,
    beside: words(query.get("beside"), isId).slice(0, MOST_BESIDE),
    accidents: query.get("accidents") !== "0",
    counts: query.get("count") === "found" ? "found" : "neutralised",
    desk: DESKS.find((desk) => query.has(desk)) ?? null,
    reviewed: COLLECTIONS.find((name) => name === query.get("review")) ?? "detections",
  };
}

function writeView({ zoom, lat, lon }: View): string {
  return `${zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`;
}

/** Formats the state as the part after `#`, omitting defaults. */
export function writeAddress(state: PageState): string {
  const parts: string[] = [];
  if (state.desk !== null) parts.push(state.desk === "review" && state.reviewed !== "detections" ? `review=${state.reviewed}` : state.desk);
  const { filters } = state;
  if (state.region !== null) parts.push(`region=${state.region}`);
  if (filters.status.length !== STATUSES.length) parts.push(`status=${filters.status.join(",")}`);
  if (filters.kinds.length > 0) parts.push(`kind=${filters.kinds.join(",")}`);
  if (filters.operator !== null) parts.push(`operator=${encodeURIComponent(filters.operator)}`);
  if (filters.from !== null) parts.push(`from=${filters.from}`);
  if (filters.to !== null) parts.push(`to=${filters.to}`);
  if (filters.asOf !== null) parts.push(`as_of=${filters.asOf}`);
  if (state.counts !== "neutralised") parts.push(`count=${state.counts}`);
  if (state.list) parts.push("list=1");
  if (state.table !== null) parts.push(`districts=${state.table}`);
  if (state.beside.length > 0) parts.push(`beside=${state.beside.join(",")}`);
  if (!state.accidents) parts.push("accidents=0");
  if (state.lang !== null) parts.push(`lang=${encodeURIComponent(state.lang)}`);
  if (state.theme !== null) parts.push(`theme=${state.theme}`);
  if (state.view !== null) parts.push(`at=${writeView(state.view)}`);
  return parts.length === 0 ? "" : `#${parts.join("&")}`;
}
