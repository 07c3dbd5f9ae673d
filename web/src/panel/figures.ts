/** Small sums over the server's counts, in one place so that map, panel and list agree. Pure. */

import { STATUSES, type DetectionFeature, type OperatorRow, type Recorded, type Region, type Status } from "../shared/api/types.ts";
import type { Measure } from "../map/measure.ts";
import { firstDay, lastDay, monthOf } from "../state/days.ts";
import type { Speech } from "../shared/text/index.ts";
import type { Texts } from "../shared/text/texts.ts";

/** The items that pass the status filter. */
export function shown(recorded: Recorded, status: readonly Status[]): number {
  return status.reduce((sum, each) => sum + recorded[each].quantity, 0);
}

/** The count shown for a district: on its label, in lists, and for their order. */
export function counted(measure: Measure, status: readonly Status[], recorded: Recorded): number {
  return measure.of === "share" ? shown(recorded, status) : recorded[measure.of].quantity;
}

/** The meaning of that count, as a key of the texts. */
export function countedAs(measure: Measure, status: readonly Status[]): keyof Texts["counts"] {
  if (measure.of !== "share") return measure.of === "detected" ? "foundIn" : "neutralisedIn";
  const [only, ...others] = status;
  return only === undefined || others.length > 0 ? "both" : only;
}

/** That count as text: "1,609 of 1,876" neutralised, or one number if only one status or a period is counted. */
export function countText({ t, number }: Speech, measure: Measure, status: readonly Status[], recorded: Recorded): string {
  const text = number(counted(measure, status, recorded));
  const isPart = measure.of === "share" && status.length === STATUSES.length;
  return isPart ? t.countOf(number(recorded.neutralised.quantity), text) : text;
}

/** The share of neutralised items, or null if nothing is recorded. */
export function share(recorded: Recorded): number | null {
  return recorded.quantity > 0 ? recorded.neutralised.quantity / recorded.quantity : null;
}

/** The heading of a state: of a month if the day is its last. */
export function whenText({ t, day, month }: Speech, asOf: string): string {
  return asOf === lastDay(monthOf(asOf)) ? t.stateAt(month(asOf)) : t.stateOn(day(asOf));
}

/** The status of a record on a day: one neutralised later was still only detected. */
export function statusOn({ status, neutralised_on: on }: DetectionFeature["properties"], asOf: string | null): string {
  return status === "neutralised" && asOf !== null && on != null && on > asOf ? "detected" : status;
}

/** The districts inside a region, which may itself be one. */
export function districtsIn(id: string, byId: ReadonlyMap<string, Region>): Region[] {
  const region = byId.get(id);
  if (region === undefined) return [];
  return region.level === "district" ? [region] : region.children.flatMap((child) => districtsIn(child, byId));
}

/** The heading of a period: of a month if it is one. */
export function spanText(speech: Speech, from: string | null, to: string | null): string {
  const isMonth = from !== null && to !== null && from === firstDay(monthOf(from)) && to === lastDay(monthOf(from));
  return isMonth ? speech.month(from) : periodText(speech, from, to, "day");
}

export function periodText(speech: Speech, from: string | null, to: string | null, grain: "day" | "month"): string {
  const write = grain === "day" ? speech.day : speech.monthShort;
  if (from !== null && to !== null) return from.slice(0, 7) === to.slice(0, 7) && grain === "month" ? write(from) : speech.t.period(write(from), write(to));
  if (to !== null) return speech.t.until(write(to));
  return from === null ? "" : speech.t.since(write(from));
}

/** The operators, by name as long as that is readable. */
export function operatorText(speech: Speech, rows: readonly OperatorRow[]): string {
  const names = rows.map(({ operator }) => operatorName(speech, operator ?? ""));
  return names.length > 2 ? speech.t.operators(names.length) : names.join(", ");
}

/** The name of an operator; empty if it is not recorded. */
export function operatorName({ t }: Speech, operator: string): string {
  return operator === "" ? t.unknownOperator : (t.operatorNames[operator] ?? operator);
}
