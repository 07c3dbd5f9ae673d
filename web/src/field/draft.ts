/** A detection being recorded or corrected: the form's values and the record made from them. */

import type { Kind } from "../shared/api/types.ts";
import { number } from "./position/angle.ts";
import { emptyTyped, type Position, type Typed } from "./position/typed.ts";
import { sendable, today, type Properties, type RecordFeature } from "./record.ts";
import { uuid7 } from "./uuid.ts";

export interface Draft {
  record: string;
  /** The entry being corrected; null if a new entry is created. */
  key: string | null;
  /** The revision being corrected; null if the record is new or its entry is known. */
  seen: number | null;
  position: Position | null;
  typed: Typed;
  /** The position was typed, not taken from the phone. */
  by_hand: boolean;
  kind: Kind | null;
  photos: string[];
  /** NaN if the text is not a valid quantity. */
  quantity: number;
  model: string;
  depth: string;
  note: string;
  detected_on: string;
  /** The day the team entered while the clock was in doubt; null if not entered. */
  day_sure: string | null;
  /** The day the record had before its correction; null if the record is new. */
  day_recorded: string | null;
  /** Properties that the form does not show and returns unchanged. */
  rest: Partial<Properties>;
}

/** The maximum number of items in one record. */
export const MOST_ITEMS = 1_000_000;

export function isQuantity(quantity: number): boolean {
  return Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST_ITEMS;
}

export function emptyDraft(): Draft {
  return {
    record: uuid7(),
    key: null,
    seen: null,
    position: null,
    typed: emptyTyped(),
    by_hand: false,
    kind: null,
    photos: [],
    quantity: 1,
    model: "",
    depth: "",
    note: "",
    detected_on: today(),
    day_sure: null,
    day_recorded: null,
    rest: {},
  };
}

/** Completes a form stored by an earlier version of the page with the fields added since. */
export function revived(kept: Draft): Draft {
  const empty = emptyDraft();
  return { ...empty, ...kept, typed: { ...empty.typed, ...kept.typed } };
}

/** Whether the form creates a new record rather than correcting one. */
export function isNew({ key, seen }: Draft): boolean {
  return key === null && seen === null;
}

/** Whether the form contains anything worth keeping. */
export function isBegun({ position, photos, note }: Draft): boolean {
  return position !== null || photos.length > 0 || note !== "";
}

const SHOWN = ["kind", "detected_on", "quantity", "model", "depth_cm", "note", "photos", "fix", "accuracy_m", "location_as_given"] as const;

/** The form filled from a record. */
export function draftOf(feature: RecordFeature, from: { key: string | null; seen: number | null }): Draft {
  const { id, geometry, properties } = sendable(feature);
  const rest: Partial<Properties> = { ...properties };
  for (const name of SHOWN) Reflect.deleteProperty(rest, name);
  return {
    ...emptyDraft(),
    record: id,
    ...from,
    position: {
      at: geometry.coordinates,
      fix: properties.fix ?? "other",
      accuracy_m: properties.accuracy_m === 0 ? null : (properties.accuracy_m ?? null),
      as_given: properties.location_as_given ?? null,
    },
    kind: properties.kind,
    photos: properties.photos ?? [],
    quantity: properties.quantity,
    model: properties.model ?? "",
    depth: properties.depth_cm === undefined ? "" : String(properties.depth_cm),
    note: properties.note ?? "",
    detected_on: properties.detected_on,
    day_recorded: properties.detected_on,
    rest,
  };
}

/** The record that the form describes; null while its place, kind or quantity is missing. */
export function featureOf(draft: Draft): RecordFeature | null {
  const { position, kind } = draft;
  if (position === null || kind === null || !isQuantity(draft.quantity)) return null;
  const properties: Properties = { status: "detected", ...draft.rest, kind, detected_on: draft.detected_on, quantity: draft.quantity, fix: position.fix };
  if (position.accuracy_m !== null) properties.accuracy_m = position.accuracy_m;
  if (position.as_given !== null) properties.location_as_given = position.as_given;
  if (draft.model.trim() !== "") properties.model = draft.model.trim();
  if (draft.note.trim() !== "") properties.note = draft.note.trim();
  const depth = number(draft.depth);
  if (depth !== null) properties.depth_cm = depth;
  if (draft.photos.length > 0) properties.photos = draft.photos;
  return { type: "Feature", id: draft.record, geometry: { type: "Point", coordinates: position.at }, properties };
}
