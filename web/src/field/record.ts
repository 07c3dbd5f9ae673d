/** A record as the field page takes and sends it: a GeoJSON Feature with the field's own names. */

import type { Disposal, Fix, Kind, LonLat } from "../shared/api/types.ts";
import { likelyNow } from "./clock.ts";

/** Coordinates as they were entered, and in which notation or reference system. */
export interface AsGiven {
  coordinates: string;
  crs: string;
}

/** What is known of a record. Names that are not here were given by somebody else and are sent back as they came. */
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
  /** Why it is changed: for the history alone. */
  reason?: string;
  /** The record that these items were counted in before they were dealt with. */
  part_of?: string;
  [other: string]: unknown;
}

export interface RecordFeature {
  type: "Feature";
  id: string;
  geometry: { type: "Point"; coordinates: LonLat };
  properties: Properties;
}

/** What the server derives or keeps itself: it is read and never sent. */
const SERVER_ONLY = ["region", "review", "review_reason", "revision", "updated_at", "updated_by", "base_revision"] as const;

/** A record without what belongs to the server. */
export function sendable(feature: RecordFeature): RecordFeature {
  const properties = { ...feature.properties };
  for (const name of SERVER_ONLY) Reflect.deleteProperty(properties, name);
  return { type: "Feature", id: feature.id, geometry: feature.geometry, properties };
}

/** The two say the same of the same record, as far as the field page takes it: the server may say more. */
export function sameRecord(one: RecordFeature, other: RecordFeature): boolean {
  const said = ({ id, geometry, properties: { status, kind, quantity, detected_on, neutralised_on, disposal, model, note } }: RecordFeature): string =>
    JSON.stringify([id, rounded(geometry.coordinates), status, kind, quantity, detected_on, neutralised_on, disposal, model, note]);
  return said(one) === said(other);
}

/** What a record says while its items lie in the ground: nothing of how they were dealt with, or why it was changed before. */
function lying(feature: RecordFeature): RecordFeature {
  const plain = sendable(feature);
  for (const name of ["neutralised_on", "disposal", "reason"]) Reflect.deleteProperty(plain.properties, name);
  return { ...plain, properties: { ...plain.properties, status: "detected" } };
}

/** The same record, dealt with. */
export function neutralised(feature: RecordFeature, on: string, disposal: Disposal): RecordFeature {
  const plain = lying(feature);
  return { ...plain, properties: { ...plain.properties, status: "neutralised", neutralised_on: on, disposal } };
}

/** The same record, found to be no explosive ordnance, or taken back to detected. */
export function restated(feature: RecordFeature, status: "discounted" | "detected", reason: string): RecordFeature {
  const plain = lying(feature);
  return { ...plain, properties: { ...plain.properties, status, reason } };
}

/** What a part is: so many items were dealt with on that day, in that way. */
export interface Part {
  quantity: number;
  on: string;
  disposal: Disposal;
  /** The id of the record that the part becomes. */
  id: string;
  /** What the part's note says, and why the record has fewer items now. */
  note: string;
  reason: string;
}

/**
 * Some of a record's items are dealt with: the record keeps the others, and these become a record of their own, which
 * names the first. Photos stay with the first; who records the part is who dealt with it.
 */
export function parted(feature: RecordFeature, { quantity, on, disposal, id, note, reason }: Part): { rest: RecordFeature; part: RecordFeature } {
  const plain = lying(feature);
  const rest = { ...plain, properties: { ...plain.properties, quantity: plain.properties.quantity - quantity, reason } };
  const part = neutralised({ ...plain, id, properties: { ...plain.properties, quantity, note, part_of: feature.id } }, on, disposal);
  for (const name of ["photos", "operator", "team"]) Reflect.deleteProperty(part.properties, name);
  return { rest, part };
}

/** To 1e-7 degree (1.1 cm), as the server keeps it. */
export function rounded([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];
}

/** The day where the phone is, as 2026-11-23; by a better word than its clock's, where there is one. */
export function today(now = likelyNow()): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** What a record says under this name, where it is a text; empty: nothing. */
export function said(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === "string" ? value : "";
}
