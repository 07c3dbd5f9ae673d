/** A record as the field page takes and sends it: a GeoJSON Feature with the field's own names. */

import type { Disposal, Fix, Kind, LonLat } from "../api/types.ts";

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

/** The same record, dealt with. */
export function neutralised(feature: RecordFeature, on: string, disposal: Disposal): RecordFeature {
  const plain = sendable(feature);
  return { ...plain, properties: { ...plain.properties, status: "neutralised", neutralised_on: on, disposal } };
}

/** To 1e-7 degree (1.1 cm), as the server keeps it. */
export function rounded([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * 1e7) / 1e7, Math.round(lat * 1e7) / 1e7];
}

/** The day where the phone is, as 2026-11-23. */
export function today(now = new Date()): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
