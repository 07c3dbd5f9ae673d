/** The provenance of a downloaded file: where its numbers come from and which numbers they are. Pure. */

import { STATUSES, type OperatorRow } from "../shared/api/types.ts";
import { operatorName, operatorText, periodText, whenText } from "../panel/figures.ts";
import { interval, queryOf, type Filters } from "../state/filters.ts";
import type { Speech } from "../shared/text/index.ts";

export interface Facts {
  /** The name of the region. */
  region: string;
  filters: Filters;
  operators: readonly OperatorRow[];
  /** The newest day of all records, regardless of filters. */
  dataTo: string | null;
  madeUp: { records: number; all: number } | null;
  address: string;
}

/** One statement: its name for programs, its name for the reader, and its value for each. Empty values are omitted. */
export interface Statement {
  name: "source" | "demonstration" | "region" | "filters" | "period" | "period_before" | "data_to" | "url" | "notice";
  label: string;
  text: string;
  /** The value for programs, if different: days in ISO 8601, filters as in the API. */
  plain?: string;
}

export function provenance(speech: Speech, facts: Facts): Statement[] {
  const { t, number, day } = speech;
  const { filters, madeUp } = facts;
  const narrowed = [
    filters.status.length === STATUSES.length ? "" : `${t.filterStatus}: ${filters.status.map((each) => t.statuses[each]).join(", ")}`,
    filters.kinds.length === 0 ? "" : `${t.filterKind}: ${filters.kinds.map((kind) => t.kinds[kind]).join(", ")}`,
    filters.operator === null ? "" : `${t.filterOperator}: ${operatorName(speech, filters.operator)}`,
  ].filter((part) => part !== "");
  const period = filters.asOf !== null ? whenText(speech, filters.asOf) : periodText(speech, filters.from, filters.to, "day");
  return [
    { name: "source", label: t.file.source, text: t.file.sourceOf(operatorText(speech, facts.operators)) },
    { name: "demonstration", label: t.file.madeUp, text: madeUp === null ? "" : t.file.madeUpOf(number(madeUp.records), number(madeUp.all)) },
    { name: "region", label: t.file.region, text: facts.region },
    { name: "filters", label: t.file.filters, text: narrowed.length === 0 ? t.file.noFilters : narrowed.join("; "), plain: asked(filters) },
    { name: "period", label: t.file.period, text: period === "" ? t.file.wholePeriod : period, plain: filters.asOf !== null ? `as_of ${filters.asOf}` : (interval(filters.from, filters.to) ?? "") },
    { name: "data_to", label: t.file.dataTo, text: facts.dataTo === null ? "" : day(facts.dataTo), plain: facts.dataTo ?? "" },
    { name: "url", label: t.file.address, text: facts.address },
    { name: "notice", label: "", text: t.notice },
  ];
}

function asked(filters: Filters): string {
  return [...queryOf({ ...filters, from: null, to: null, asOf: null }, { status: true })].map((each) => each.join("=")).join(" ");
}

/** Every statement on a separate line. */
export function inLines(statements: readonly Statement[]): string[] {
  return statements.filter(({ text }) => text !== "").map(({ label, text }) => (label === "" ? text : `${label}: ${text}`));
}
