/** Authors, times and risks as text. */

import { fieldName, type Table } from "../collections/values.ts";
import type { Risk } from "../shared/api/access.ts";
import type { Speech } from "../shared/text/index.ts";

/** The sender, with the operator that distinguishes one "Team 7" from another. */
export function whoText(by: string, operator: string | null): string {
  return operator === null ? by : `${by} (${operator})`;
}

/** A risk of a record, as a sentence. */
export function riskText(speech: Speech, table: Table, risk: Risk): string {
  const fields = risk.fields.map((field) => fieldName(speech, table, field)).join(", ");
  return speech.t.access.risks[risk.code](fields, speech.number(risk.distance_m ?? 0));
}

/** A moment in the reader's time zone. */
export function momentText(speech: Speech, iso: string): string {
  const at = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${speech.day(day)}, ${two(at.getHours())}:${two(at.getMinutes())}`;
}
