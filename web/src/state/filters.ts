/** What the reader narrowed the counts to, and how that is said to the server. */

import { KINDS, STATUSES, type Kind, type Status } from "../shared/api/types.ts";

export interface Filters {
  /** Both statuses, unless the reader left one out. */
  status: Status[];
  /** Empty: every kind. */
  kinds: Kind[];
  /** First and last day, both inside; null: open. */
  from: string | null;
  to: string | null;
  /** The day at whose end the records are shown as they stood; null: as they are now. */
  asOf: string | null;
}

export const NO_FILTERS: Filters = { status: [...STATUSES], kinds: [], from: null, to: null, asOf: null };

/**
 * The filters after a change. A period asks what happened between two days, a date how it stood on one: the two
 * would be misread together, so a wish for one ends the other.
 */
export function changedBy(filters: Filters, change: Partial<Filters>): Filters {
  const next = { ...filters, ...change };
  if (next.status.length === 0) next.status = [...STATUSES];
  if (change.asOf != null) next.from = next.to = null;
  else if (change.from != null || change.to != null) next.asOf = null;
  return next;
}

/** Whether fewer records are counted than there are; a date narrows nothing. */
export function isFiltered(filters: Filters): boolean {
  return filters.status.length !== STATUSES.length || filters.kinds.length > 0 || filters.from !== null || filters.to !== null;
}

/** The `datetime` interval of OGC API Features; null when both ends are open. */
export function interval(from: string | null, to: string | null): string | null {
  return from === null && to === null ? null : `${from ?? ".."}/${to ?? ".."}`;
}

/**
 * The query parameters of the filters: for records, on the map and in the list, with the status; without it
 * (`status: false`) for what is told of both.
 */
export function queryOf(filters: Filters, options: { status: boolean }): URLSearchParams {
  const query = new URLSearchParams();
  if (options.status && filters.status.length !== STATUSES.length) query.set("status", filters.status.join(","));
  if (filters.kinds.length > 0) query.set("kind", filters.kinds.join(","));
  const datetime = interval(filters.from, filters.to);
  if (datetime !== null) query.set("datetime", datetime);
  if (filters.asOf !== null) query.set("as_of", filters.asOf);
  return query;
}

/** Whether it is asked what happened in a period. */
export function isPeriod({ from, to }: Filters): boolean {
  return from !== null || to !== null;
}

/**
 * The query of the figures: both statuses, and within a period the events in it, not the records that have a day in it.
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
