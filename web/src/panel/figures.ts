/** Small sums over the server's counts, said in one place so that map, panel and list agree. Pure. */

import type { DetectionFeature, OperatorRow, Recorded, Status } from "../api/types.ts";
import { lastDay, monthOf } from "../state/days.ts";
import type { Speech } from "../text/index.ts";

/** The items that the status filter leaves. */
export function shown(recorded: Recorded, status: readonly Status[]): number {
  return status.reduce((sum, each) => sum + recorded[each].quantity, 0);
}

/** The share of items that are neutralised, or null where nothing is recorded. */
export function share(recorded: Recorded): number | null {
  return recorded.quantity > 0 ? recorded.neutralised.quantity / recorded.quantity : null;
}

/** The heading of a state: of a month when the day ends one. */
export function whenText({ t, day, month }: Speech, asOf: string): string {
  return asOf === lastDay(monthOf(asOf)) ? t.stateAt(month(asOf)) : t.stateOn(day(asOf));
}

/** What a record was on a day: one neutralised later was still only detected. */
export function statusOn({ status, neutralised_on: on }: DetectionFeature["properties"], asOf: string | null): string {
  return status === "neutralised" && asOf !== null && on != null && on > asOf ? "detected" : status;
}

export function periodText(speech: Speech, from: string | null, to: string | null, grain: "day" | "month"): string {
  const write = grain === "day" ? speech.day : speech.monthShort;
  if (from !== null && to !== null) return from.slice(0, 7) === to.slice(0, 7) && grain === "month" ? write(from) : speech.t.period(write(from), write(to));
  if (to !== null) return speech.t.until(write(to));
  return from === null ? "" : speech.t.since(write(from));
}

/** Who recorded: by name as long as that stays readable. */
export function operatorText({ t }: Speech, rows: readonly OperatorRow[]): string {
  const names = rows.map(({ operator }) => (operator == null ? t.unknownOperator : (t.operatorNames[operator] ?? operator)));
  return names.length > 2 ? t.operators(names.length) : names.join(", ");
}
