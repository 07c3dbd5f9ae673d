/** What a record says, in words, and what differs between two of its states. */

import type { Risk } from "../api/access.ts";
import type { DetectionFeature, Disposal, Fix, Status } from "../api/types.ts";
import { isKind } from "../state/filters.ts";
import type { Speech } from "../text/index.ts";
import { placeText } from "../text/place.ts";

type Properties = DetectionFeature["properties"];

/** What the server says of a record, which nobody recorded; what the review is has its own place. */
const DERIVED = new Set(["revision", "updated_at", "region", "review"]);

/** The value of a field as a reader wants it; a dash for none. */
export function valueText(speech: Speech, feature: DetectionFeature | null, field: string): string {
  if (feature === null) return "–";
  if (field === "location") return placeText(feature.geometry.coordinates);
  const value = feature.properties[field as keyof Properties] as unknown;
  if (value === undefined || value === null) return "–";
  if (field === "kind" && typeof value === "string" && isKind(value)) return speech.t.kinds[value];
  if (field === "status" && typeof value === "string" && value in speech.t.statuses) return speech.t.statuses[value as Status];
  if (field === "disposal" && typeof value === "string" && value in speech.t.access.disposals) return speech.t.access.disposals[value as Disposal];
  if (field === "fix" && typeof value === "string" && value in speech.t.access.fixes) return speech.t.access.fixes[value as Fix];
  if (field === "photos" && Array.isArray(value)) return speech.number(value.length);
  if (field.endsWith("_on") && typeof value === "string") return speech.day(value);
  if (field === "quantity" && typeof value === "number") return speech.number(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  return JSON.stringify(value);
}

/** Who sent something, with the operator that tells one "Team 7" from another. */
export function whoText(by: string, operator: string | null): string {
  return operator === null ? by : `${by} (${operator})`;
}

/** The fields that either of two states fills, in one order. */
export function filledIn(one: DetectionFeature | null, other: DetectionFeature): string[] {
  return ["location", ...new Set([...(one === null ? [] : filled(one)), ...filled(other)])];
}

/** What is risky about a record, in a sentence. */
export function riskText(speech: Speech, risk: Risk): string {
  const fields = risk.fields.map((field) => fieldName(speech, field)).join(", ");
  return speech.t.access.risks[risk.code](fields, speech.number(risk.distance_m ?? 0));
}

export function fieldName(speech: Speech, field: string): string {
  return speech.t.access.fields[field] ?? field;
}

/** The fields that a record fills, as they are written. */
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

/** A moment in the reader's own time. */
export function momentText(speech: Speech, iso: string): string {
  const at = new Date(iso);
  const two = (n: number): string => String(n).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${speech.day(day)}, ${two(at.getHours())}:${two(at.getMinutes())}`;
}
