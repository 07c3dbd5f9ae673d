/**
 * The server responses that the page reads, from the server's OpenAPI description (docs/openapi.json; `make openapi` updates
 * both). Quantities count items, records count entries.
 */

import { WORDS } from "../../collections/detections/fields.ts";
import type { components } from "./openapi.ts";

type Schemas = components["schemas"];

export type Status = "detected" | "neutralised";
export const STATUSES: readonly Status[] = ["detected", "neutralised"];

export const KINDS = WORDS.kind;
export type Kind = (typeof KINDS)[number];

/** The disposal of found items. */
export const DISPOSALS = WORDS.disposal;
export type Disposal = (typeof DISPOSALS)[number];

/** How a position was determined. */
export type Fix = (typeof WORDS.fix)[number];

/** The collections of records. */
export const COLLECTIONS = ["detections", "accidents"] as const;
export type Collection = (typeof COLLECTIONS)[number];

export type LonLat = Schemas["lonLat"];
/** West, south, east, north. */
export type Bounds = Schemas["bounds"];
export type Names = Schemas["names"];

export type Count = Schemas["count"];
export type Recorded = Schemas["recorded"];
export type Region = Schemas["region"];
/** The events of a period: two counts, and one item can be in both. */
export type Events = Schemas["events"];
export type EventsOverview = Schemas["eventsOverview"];
export type EventsDetail = Schemas["eventsDetail"];
export type Overview = Schemas["overview"];
export type RegionDetail = Schemas["regionDetail"];
export type Month = RegionDetail["months"][number];
export type KindCount = RegionDetail["kinds"][number];
export type ReportedFigure = Schemas["reportedFigure"];
export type Found = Schemas["found"];
export type DetectionFeature = Schemas["detection"];
export type AccidentFeature = Schemas["accident"];
export type OperatorRow = Schemas["summary"]["rows"][number];
export type RevisionEvent = Schemas["revisionEvent"];
export type TileAddress = NonNullable<RevisionEvent["tiles"]>[number];
