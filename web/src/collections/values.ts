/** A record's values as text, and the differences between two states of a record. */

import type { LonLat, Status } from "../shared/api/types.ts";
import type { Speech } from "../shared/text/index.ts";
import { placeText } from "../shared/text/place.ts";
import { isKind } from "../state/filters.ts";
import type { FieldSpec, Groups, WordTitles } from "./fields.ts";
import { wordTitle } from "./titles.ts";

/** The generated tables of a collection. */
export interface Table {
  fields: readonly FieldSpec[];
  titles: WordTitles;
  groups: Groups;
}

/** What the records of all collections have in common. */
export interface RecordFeature {
  geometry: { coordinates: LonLat };
  properties: object;
}

/** Fields set by the server rather than recorded, and the review, which is shown separately. */
const DERIVED = new Set(["revision", "updated_at", "region", "review"]);

/** The stored value of a field. */
export function valueOf({ properties }: RecordFeature, field: string): unknown {
  return (properties as Readonly<Record<string, unknown>>)[field];
}

export function fieldName(speech: Speech, { fields }: Table, field: string): string {
  return fields.find(({ name }) => name === field)?.titles[speech.lang] ?? speech.t.access.fields[field] ?? field;
}

/** A field's value as text; a dash if empty. */
export function valueText(speech: Speech, table: Table, feature: RecordFeature | null, field: string): string {
  if (feature === null) return "–";
  if (field === "location") return placeText(feature.geometry.coordinates);
  return textOf(speech, table, field, valueOf(feature, field));
}

/** A value of a field as text; a dash if empty. */
export function textOf(speech: Speech, { titles, groups }: Pick<Table, "titles" | "groups">, field: string, value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "string") return wordText(speech, titles, field, value);
  const group = groups[field];
  if (group !== undefined && Array.isArray(value)) return (value as object[]).map((row) => rowText(speech, group.titles, row)).join("; ");
  if (field === "photos" && Array.isArray(value)) return speech.number(value.length);
  if (field === "quantity" && typeof value === "number") return speech.number(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}

function wordText({ t, lang, day }: Speech, titles: WordTitles, field: string, word: string): string {
  if (field.endsWith("_on")) return day(word);
  if (titles[field] !== undefined) return wordTitle(lang, titles, field, word);
  if ((field === "kind" || field === "device") && isKind(word)) return t.kinds[word];
  if (field === "status" && word in t.statuses) return t.statuses[word as Status];
  return word;
}

function rowText(speech: Speech, titles: WordTitles, row: object): string {
  return Object.entries(row).map(([field, value]) => textOf(speech, { titles, groups: {} }, field, value)).join(", ");
}

/** The fields set in either of two states, in a fixed order. */
export function filledIn(one: RecordFeature | null, other: RecordFeature): string[] {
  return ["location", ...new Set([...(one === null ? [] : filled(one)), ...filled(other)])];
}

/** The fields set in a record, with their stored values. */
export function filled({ properties }: RecordFeature): string[] {
  return Object.keys(properties).filter((field) => !DERIVED.has(field));
}

/** The fields that differ between two states of a record. */
export function differing(before: RecordFeature, after: RecordFeature): string[] {
  const names = [...new Set([...filled(before), ...filled(after)])];
  const value = (feature: RecordFeature, field: string): string => JSON.stringify(valueOf(feature, field));
  const fields = names.filter((field) => value(before, field) !== value(after, field));
  const moved = JSON.stringify(before.geometry.coordinates) !== JSON.stringify(after.geometry.coordinates);
  return moved ? ["location", ...fields] : fields;
}
