/** A record as the field page creates and sends it: a GeoJSON Feature with the domain's field names. */

import type { Disposal, Fix, Kind, LonLat } from "../shared/api/types.ts";
import { likelyNow } from "./clock.ts";

/** The coordinates as entered, and their notation or reference system. */
export interface AsGiven {
  coordinates: string;
  crs: string;
}

/** The properties of a record. Names not listed here come from other senders and are returned unchanged. */
export interface Properties {
  kind: Kind;
  detected_on: string;
  status: "detected" | "neutralised" | "discounted";
  quantity: number;
  neutralised_on?: string;
  disposal?: Disposal;
  model?: string;
  depth_cm?: number;
  note?: string;
  fix?: Fix;
  accuracy_m?: number;
  location_as_given?: AsGiven;
  /** SHA-256 of each photo, in hexadecimal. */
  photos?: string[];
  /** The reason for the change, for the history only. */
  reason?: string;
  /** The record that included these items before they were neutralised. */
  part_of?: string;
  [other: string]: unknown;
}

export interface RecordFeature {
  type: "Feature";
  id: string;
  geometry: { type: "Point"; coordinates: LonLat };
  properties: Properties;
}

/** Properties that the server derives or maintains: read, never sent. */
const SERVER_ONLY = ["region", "review", "review_reason", "revision", "updated_at", "updated_by", "base_revision"] as const;

/** Returns a record without the server's properties. */
export function sendable(feature: RecordFeature): RecordFeature {
  const properties = { ...feature.properties };
  for (const name of SERVER_ONLY) Reflect.deleteProperty(properties, name);
  return { type: "Feature", id: feature.id, geometry: feature.geometry, properties };
}

/** Whether both describe the same record, as far as the field page uses it; the server's may have more properties. */
export function sameRecord(one: RecordFeature, other: RecordFeature): boolean {
  const said = ({ id, geometry, properties: { status, kind, quantity, detected_on, neutralised_on, disposal, model, note } }: RecordFeature): string =>
    JSON.stringify([id, rounded(geometry.coordinates), status, kind, quantity, detected_on, neutralised_on, disposal, model, note]);
  return said(one) === said(other);
}

/** A record's properties while its items are in the ground: no disposal and no earlier reason for change. */
function lying(feature: RecordFeature): RecordFeature {
  const plain = sendable(feature);
  for (const name of ["neutralised_on", "disposal", "reason"]) Reflect.deleteProperty(plain.properties, name);
  return { ...plain, properties: { ...plain.properties, status: "detected" } };
}

/** The same record, neutralised. */
export function neutralised(feature: RecordFeature, on: string, disposal: Disposal): RecordFeature {
  const plain = lying(feature);
  return { ...plain, properties: { ...plain.properties, status: "neutralised", neutralised_on: on, disposal } };
}

/** The same record, discounted or set back to detected. */
export function restated(feature: RecordFeature, status: "discounted" | "detected", reason: string): RecordFeature {
  const plain = lying(feature);
  return { ...plain, properties: { ...plain.properties, status, reason } };
}

/** The neutralised part: how many items, on which day and how. */
export interface Part {
  quantity: number;
  on: string;
  disposal: Disposal;
  /** The id of the new record for the part. */
  id: string;
  /** The note of the part, and the reason for the reduced quantity of the original. */
  note: string;
  reason: string;
}

/**
 * Neutralises some of a record's items: the record keeps the others, and these become a separate record that names the
 * first. Photos stay with the first; the part is by the team that neutralised it.
 */
export function parted(feature: RecordFeature, { quantity, on, disposal, id, note, reason }: Part): { rest: RecordFeature; part: RecordFeature } {
  const plain = lying(feature);
  const rest = { ...plain, properties: { ...plain.properties, quantity: plain.properties.quantity - quantity, reason } };
  const part = neutralised({ ...plain, id, properties: { ...plain.properties, quantity, note, part_of: feature.id } }, on, disposal);
  for (const name of ["photos", "operator", "team"]) Reflect.deleteProperty(part.properties, name);
  return { rest, part };
}

/** Rounds to 1e-7 degree (1.1 cm), as the server stores it. */
export function rounded([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];
}

/** The local day, such as 2026-11-23; from a better source than the phone's clock, if available. */
export function today(now = likelyNow()): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The text value of a property; empty if it is not a text. */
export function said(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === "string" ? value : "";
}
