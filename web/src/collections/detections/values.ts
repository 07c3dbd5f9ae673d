/** A record's values as text, and the differences between two states of a record. */

import type { DetectionFeature, Status } from "../../shared/api/types.ts";
import { wordTitle } from "./titles.ts";
import { isKind } from "../../state/filters.ts";
import type { Speech } from "../../shared/text/index.ts";
import { placeText } from "../../shared/text/place.ts";

type Properties = DetectionFeature["properties"];

/** Fields set by the server rather than recorded, and the review, which is shown separately. */
const DERIVED = new Set(["revision", "updated_at", "region", "review"]);

/** A field's value as text; a dash if empty. */
export function valueText(speech: Speech, feature: DetectionFeature | null, field: string): string {
  if (feature === null) return "–";
  if (field === "location") return placeText(feature.geometry.coordinates);
  return textOf(speech, field, feature.properties[field as keyof Properties]);
}

/** A value of a field as text; a dash if empty. */
export function textOf(speech: Speech, field: string, value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (field === "kind" && typeof value === "string" && isKind(value)) return speech.t.kinds[value];
  if (field === "status" && typeof value === "string" && value in speech.t.statuses) return speech.t.statuses[value as Status];
  if (field === "photos" && Array.isArray(value)) return speech.number(value.length);
  if (field.endsWith("_on") && typeof value === "string") return speech.day(value);
  if (field === "quantity" && typeof value === "number") return speech.number(value);
  if (typeof value === "string") return wordTitle(speech.lang, field, value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}

/** The fields set in either of two states, in a fixed order. */
export function filledIn(one: DetectionFeature | null, other: DetectionFeature): string[] {
  return ["location", ...new Set([...(one === null ? [] : filled(one)), ...filled(other)])];
}

export function fieldName(speech: Speech, field: string): string {
  return speech.t.access.fields[field] ?? field;
}

/** The fields set in a record, with their stored values. */
export function filled(feature: DetectionFeature): string[] {
  return Object.keys(feature.properties).filter((field) => !DERIVED.has(field));
}

/** The fields that differ between two states of a record. */
export function differing(before: DetectionFeature, after: DetectionFeature): string[] {
  const names = [...new Set([...filled(before), ...filled(after)])];
  const value = (feature: DetectionFeature, field: string): string => JSON.stringify(feature.properties[field as keyof Properties]);
  const fields = names.filter((field) => value(before, field) !== value(after, field));
  const moved = JSON.stringify(before.geometry.coordinates) !== JSON.stringify(after.geometry.coordinates);
  return moved ? ["location", ...fields] : fields;
}
