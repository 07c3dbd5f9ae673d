/** The shapes of the server's answers that the page reads. Quantities count items, records count entries. */

export type Status = "detected" | "neutralised";
export const STATUSES: readonly Status[] = ["detected", "neutralised"];

export const KINDS = [
  "ap_mine", "ap_mine_improvised", "av_mine", "av_mine_improvised", "submunition", "uxo",
  "axo", "booby_trap", "ied", "small_arms", "fuze", "other",
] as const;
export type Kind = (typeof KINDS)[number];

export type LonLat = [number, number];
/** West, south, east, north. */
export type Bounds = [number, number, number, number];
export type Names = Partial<Record<string, string>>;

export interface Count {
  records: number;
  quantity: number;
}

export interface Recorded extends Count {
  /** Those that are still only detected. */
  detected: Count;
  neutralised: Count;
}

export interface Region {
  id: string;
  level: "country" | "economic_region" | "district";
  parent: string | null;
  names: Names;
  aliases: string[];
  area_m2: number;
  bounds: Bounds;
  label: LonLat;
  children: string[];
  recorded: Recorded;
  /** Day of the oldest and of the newest record, or null without records. */
  first: string | null;
  latest: string | null;
}

export interface Overview {
  revision: number;
  demonstration: boolean;
  updated: string | null;
  regions: Region[];
  outside: Recorded;
  total: Recorded;
}

export interface Month {
  /** 2022-08 */
  month: string;
  detected: Count;
  neutralised: Count;
}

export interface KindCount {
  kind: string;
  detected: Count;
  neutralised: Count;
}

export interface ReportedFigure {
  id: string;
  measure: string;
  text: string;
  number: number;
  /** What the number counts: items, people, or square metres. */
  unit?: string;
  period: { from: string | null; to: string | null };
  regions: string[];
  part_of: string | null;
  note: string | null;
  /** The sum of the parts, when they do not add up to the number. */
  parts_sum: number | null;
  source: { title: string; publisher: string; quoting: string; published: string | null; url?: string | null };
}

export interface RegionDetail {
  revision: number;
  region: Region;
  ancestors: { id: string; names: Names }[];
  children: Region[];
  kinds: KindCount[];
  months: Month[];
  reported: ReportedFigure[];
}

export interface Found {
  type: "region" | "place";
  id: string;
  names: Names;
  center: LonLat;
  bounds: Bounds | null;
  level?: Region["level"];
  country?: string;
}

export interface DetectionFeature {
  type: "Feature";
  id: string;
  geometry: { type: "Point"; coordinates: LonLat };
  properties: {
    kind: string;
    status: string;
    quantity: number;
    detected_on: string;
    neutralised_on?: string | null;
    model?: string | null;
    operator?: string | null;
    team?: string | null;
    accuracy_m?: number | null;
    source_reliability?: string | null;
    disposal?: string | null;
    region?: string | null;
    note?: string | null;
  };
}

export interface DetectionPage {
  numberMatched?: number;
  numberReturned?: number;
  features: DetectionFeature[];
  links: { rel: string; href: string; type?: string }[];
}

export interface OperatorRow extends Count {
  operator: string | null;
}

export interface TileAddress {
  z: number;
  x: number;
  y: number;
}

export interface RevisionEvent {
  revision: number;
  bounds: Bounds | null;
  /** Null: any of them may have changed. */
  tiles: TileAddress[] | null;
}
