/** A detection while it is taken, or mended: what is in the form, and the record that becomes of it. */

import type { Kind } from "../shared/api/types.ts";
import { number } from "./position/angle.ts";
import { emptyTyped, type Position, type Typed } from "./position/typed.ts";
import { sendable, today, type Properties, type RecordFeature } from "./record.ts";
import { uuid7 } from "./uuid.ts";

export interface Draft {
  record: string;
  /** The entry whose content is mended; null: another entry is made. */
  key: string | null;
  /** The revision that is corrected; null: the record is new, or its entry is known. */
  seen: number | null;
  position: Position | null;
  typed: Typed;
  /** The position is typed rather than taken from the phone. */
  by_hand: boolean;
  kind: Kind | null;
  photos: string[];
  /** NaN: what is typed is no quantity. */
  quantity: number;
  model: string;
  depth: string;
  note: string;
  detected_on: string;
  /** The day that the team said itself while the clock was in doubt; null: none. */
  day_sure: string | null;
  /** The day that the record had before it is mended; null: it is new. */
  day_recorded: string | null;
  /** What the form does not show, and goes back as it came. */
  rest: Partial<Properties>;
}

/** Items in one record, at most. */
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

/** A form that an earlier version of the page kept, with what has been added to forms since. */
export function revived(kept: Draft): Draft {
  const empty = emptyDraft();
  return { ...empty, ...kept, typed: { ...empty.typed, ...kept.typed } };
}

/** It becomes a record of its own, and mends none. */
export function isNew({ key, seen }: Draft): boolean {
  return key === null && seen === null;
}

/** Something is in the form that would be missed. */
export function isBegun({ position, photos, note }: Draft): boolean {
  return position !== null || photos.length > 0 || note !== "";
}

const SHOWN = ["kind", "detected_on", "quantity", "model", "depth_cm", "note", "photos", "fix", "accuracy_m", "location_as_given"] as const;

/** The form as it is filled by a record. */
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

/** The record that the form says; null while it lacks its place, its kind or how many. */
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
