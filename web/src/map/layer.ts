/** What a layer module is: the MapLibre layers it draws and, from the same values, its entries in the legend. */

import type { LayerSpecification } from "maplibre-gl";

import type { Measure } from "./measure.ts";
import type { Palette } from "./palette.ts";

/** What the layers depend on. */
export interface Drawing {
  palette: Palette;
  lang: string;
  /** The number of items that a cell's ring shows at its full radius. */
  fullRing: number;
  region: string | null;
  /** What colours the districts. */
  measure: Measure;
  /** Whether only some kinds are counted: then a district without any can still have records. */
  someKinds?: boolean;
  /** Whether uncleared items come as counts on the middle of cells of about a kilometre: the public's view. */
  coarse: boolean;
  /** What is written under a count that tells no more than the district. */
  somewhere?: string;
  /** Which of the two sources of records is shown. */
  leaf: Leaf;
  /** Whether the other one is drawn as well: it loads unseen, or is being turned away. */
  turning: boolean;
  /** How long one turns into the other, in ms. */
  turnMs: number;
}

/**
 * The records are drawn from two sources in turn, as in a flip book: one is shown while the other loads the next
 * state behind it. The second lies above the first.
 */
export const LEAVES = [
  { source: "detections", suffix: "" },
  { source: "detections-2", suffix: "-2" },
] as const;
export type Leaf = 0 | 1;

/**
 * How a leaf is seen: what to multiply its opacity with, and how that changes. Only the upper one fades, in or out;
 * the lower comes and goes while it is covered, so that nothing shines through between the two.
 */
export function seen(leaf: Leaf, { leaf: shown, turnMs }: Drawing): { opacity: 0 | 1; transition: { duration: number; delay: number } } {
  const opacity = leaf === shown ? 1 : 0;
  return { opacity, transition: leaf === 1 ? { duration: turnMs, delay: 0 } : { duration: 0, delay: opacity === 1 ? 0 : turnMs } };
}

/** Which of the two are drawn, the lower first. */
export function drawnLeaves({ leaf, turning }: Drawing): Leaf[] {
  return turning ? [0, 1] : [leaf];
}

/** Below this zoom districts carry the values; from it on only marks do, so that no colour is ever half there. */
export const CELLS_FROM = 9;

/** Which marks are drawn just now: the legend names no others. */
export interface Marks {
  rings: boolean;
  areas: boolean;
  detected: boolean;
  neutralised: boolean;
}

/** A picture in the legend and the word beside it (a key of the texts). */
export type LegendEntry =
  | { shape: "steps"; colours: readonly string[]; measure: Measure; label: LegendLabel }
  | { shape: "words"; label: "districtCount" }
  | { shape: "hatch"; fill: string; line: string; label: LegendLabel }
  | { shape: "rings"; detected: string; neutralised: string; paper: string; sizes: { items: number; radius: number }[]; label: LegendLabel }
  | { shape: "area"; colour: string; line: string; label: LegendLabel }
  | { shape: "diamond" | "circle"; colour: string; paper: string; label: LegendLabel };

export type LegendLabel = "share" | "neutralisedIn" | "detectedIn" | "noData" | "noMatch" | "noneIn" | "cells" | "coarse" | "detected" | "neutralised";

export interface LayerModule {
  layers(drawing: Drawing): LayerSpecification[];
  legend(drawing: Drawing, marks: Marks): LegendEntry[];
  /** The zooms at which the legend shows the entries, the second not included. */
  zooms: readonly [number, number];
}

/** Names of districts and places in the reader's language; the tiles carry English and Azerbaijani. */
export function localName(lang: string): ["coalesce", ...["get", string][]] {
  return lang === "az" ? ["coalesce", ["get", "name_az"], ["get", "name"]] : ["coalesce", ["get", "name_en"], ["get", "name"]];
}

export const FONT = ["Inter Variable", "sans-serif"];
/** MapLibre reads the weight from the first name; the second is the family that exists. */
export const FONT_STRONG = ["Inter SemiBold", "Inter Variable", "sans-serif"];
