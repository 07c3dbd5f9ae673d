/** The reader's filters, and the query parameters for them. */

import { KINDS, STATUSES, type Kind, type Status } from "../shared/api/types.ts";

export interface Filters {
  /** Both statuses, unless the reader excluded one. */
  status: Status[];
  /** Empty for all kinds. */
  kinds: Kind[];
  /** Null for all; an empty name for records without an operator. */
  operator: string | null;
  /** First and last day, both included; null if open. */
  from: string | null;
  to: string | null;
  /** The day at whose end the records are shown; null for now. */
  asOf: string | null;
}

export const NO_FILTERS: Filters = { status: [...STATUSES], kinds: [], operator: null, from: null, to: null, asOf: null };

/**
 * The filters after a change. A period shows the events between two days, a date the state at one: combining them would be
 * misread, so setting one clears the other.
 */
export function changedBy(filters: Filters, change: Partial<Filters>): Filters {
  const next = { ...filters, ...change };
  if (next.status.length === 0) next.status = [...STATUSES];
  if (change.asOf != null) next.from = next.to = null;
  else if (change.from != null || change.to != null) next.asOf = null;
  return next;
}

/** Whether fewer records are counted than exist; a date does not reduce them. */
export function isFiltered(filters: Filters): boolean {
  return filters.status.length !== STATUSES.length || filters.kinds.length > 0 || filters.operator !== null || filters.from !== null || filters.to !== null;
}

/** The `datetime` interval of OGC API Features; null if both ends are open. */
export function interval(from: string | null, to: string | null): string | null {
  return from === null && to === null ? null : `${from ?? ".."}/${to ?? ".."}`;
}

/**
 * The query parameters of the filters: with the status for records, on the map and in the list; without it (`status: false`)
 * for counts of both.
 */
export function queryOf(filters: Filters, options: { status: boolean }): URLSearchParams {
  const query = new URLSearchParams();
  if (options.status && filters.status.length !== STATUSES.length) query.set("status", filters.status.join(","));
  if (filters.kinds.length > 0) query.set("kind", filters.kinds.join(","));
  if (filters.operator !== null) query.set("operator", filters.operator);
  const datetime = interval(filters.from, filters.to);
  if (datetime !== null) query.set("datetime", datetime);
  if (filters.asOf !== null) query.set("as_of", filters.asOf);
  return query;
}

/** Whether the events of a period are requested. */
export function isPeriod({ from, to }: Filters): boolean {
  return from !== null || to !== null;
}

/**
 * The query of the figures: both statuses, and within a period its events rather than the records dated in it.
 */
export function figuresQuery(filters: Filters): URLSearchParams {
  const query = queryOf({ ...filters, from: null, to: null }, { status: false });
  const events = interval(filters.from, filters.to);
  if (events !== null) query.set("events", events);
  return query;
}

/** `?a=b`, or nothing; commas, slashes and dots stay readable. */
export function suffix(query: URLSearchParams): string {
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text === "" ? "" : `?${text}`;
}

export function toggled<T>(list: readonly T[], item: T, order: readonly T[]): T[] {
  return order.filter((each) => (each === item ? !list.includes(item) : list.includes(each)));
}

export function isKind(word: string): word is Kind {
  return (KINDS as readonly string[]).includes(word);
}

export function isStatus(word: string): word is Status {
  return (STATUSES as readonly string[]).includes(word);
}
