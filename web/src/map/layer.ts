/** The interface of a layer module: the MapLibre layers it draws and, from the same values, its legend entries. */

import type { FilterSpecification, LayerSpecification } from "maplibre-gl";

import type { Kind } from "../shared/api/types.ts";
import type { Days } from "../collections/accidents/days.ts";
import type { Outcome } from "../collections/accidents/outcome.ts";
import type { BaseMap } from "./base/base.ts";
import type { Measure } from "./measure.ts";
import type { Palette } from "./palette.ts";

/** The inputs of the layers. */
export interface Drawing {
  palette: Palette;
  /** The operator's base map. */
  base?: Pick<BaseMap, "layers"> | null;
  lang: string;
  /** The number of items at which a cell's ring has its full radius. */
  fullRing: number;
  region: string | null;
  /** The measure that colours the districts. */
  measure: Measure;
  /** Whether only some kinds are counted: then a district without any can still have records. */
  someKinds?: boolean;
  /** Whether uncleared items are counts at the centre of cells of about a kilometre: the public view. */
  coarse: boolean;
  /** The label under a count known only to the district. */
  somewhere?: string;
  /** The days of the accidents that are drawn; null for none. */
  accidents?: Days | null;
  /** Which of the two record sources is shown. */
  leaf: Leaf;
  /** Whether the other one is drawn as well: loading unseen, or fading out. */
  turning: boolean;
  /** The duration of the transition in ms. */
  turnMs: number;
}

/**
 * The records are drawn from two sources in turn, as in a flip book: one is shown while the other loads the next state
 * behind it. The second is above the first.
 */
export const LEAVES = [
  { source: "detections", suffix: "" },
  { source: "detections-2", suffix: "-2" },
] as const;
export type Leaf = 0 | 1;

/**
 * The opacity factor of a source and its transition. Only the upper source fades, in or out; the lower one appears and
 * disappears while covered, so nothing shows through between the two.
 */
export function seen(leaf: Leaf, { leaf: shown, turnMs }: Drawing): { opacity: 0 | 1; transition: { duration: number; delay: number } } {
  const opacity = leaf === shown ? 1 : 0;
  return { opacity, transition: leaf === 1 ? { duration: turnMs, delay: 0 } : { duration: 0, delay: opacity === 1 ? 0 : turnMs } };
}

/** Which of the two are drawn, the lower first. */
export function drawnLeaves({ leaf, turning }: Drawing): Leaf[] {
  return turning ? [0, 1] : [leaf];
}

/** Below this zoom districts show the values; from it on only marks do, so no colour is ever blended. */
export const CELLS_FROM = 9;

/** Marks that are drawn at some zooms only: the deepest tiles have those of all further zooms. */
export const AT_ZOOM = [
  "all",
  ["<=", ["coalesce", ["get", "from"], 0], ["zoom"]],
  [">=", ["coalesce", ["get", "to"], 24], ["zoom"]],
] as FilterSpecification & unknown[];

/** The kinds of marks drawn now: the legend lists no others. */
export interface Marks {
  rings: boolean;
  areas: boolean;
  detected: boolean;
  neutralised: boolean;
  /** The kinds whose glyphs are drawn. */
  glyphs: readonly Kind[];
  accidents: readonly Outcome[];
}

/** A picture in the legend and its label (a key of the texts). */
export type LegendEntry =
  | { shape: "steps"; colours: readonly string[]; measure: Measure; label: LegendLabel }
  | { shape: "words"; label: "districtCount" }
  | { shape: "hatch"; fill: string; line: string; label: LegendLabel }
  | { shape: "rings"; detected: string; neutralised: string; paper: string; sizes: { items: number; radius: number }[]; label: LegendLabel }
  | { shape: "area"; colour: string; line: string; label: LegendLabel }
  | { shape: "diamond" | "circle"; colour: string; paper: string; label: LegendLabel }
  | { shape: "accident"; outcome: Outcome; label: `accident-${Outcome}` };

export type LegendLabel = "share" | "neutralisedIn" | "detectedIn" | "noData" | "noMatch" | "noneIn" | "cells" | "coarse" | "detected" | "neutralised";

export interface LayerModule {
  layers(drawing: Drawing): LayerSpecification[];
  legend(drawing: Drawing, marks: Marks): LegendEntry[];
  /** The zooms at which the legend shows the entries, excluding the second. */
  zooms: readonly [number, number];
}

/** Names of districts and places in the reader's language; the tiles contain English and Azerbaijani. */
export function localName(lang: string): ["coalesce", ...["get", string][]] {
  return lang === "az" ? ["coalesce", ["get", "name_az"], ["get", "name"]] : ["coalesce", ["get", "name_en"], ["get", "name"]];
}

/** Names in the files of the surroundings, which have English where a language has none. */
export function knownName(lang: string): ["coalesce", ...["get", string][]] {
  return ["coalesce", ["get", `name_${lang}`], ["get", "name"]];
}

export const FONT = ["Inter Variable", "sans-serif"];
/** MapLibre reads the weight from the first name; the second is the existing family. */
export const FONT_STRONG = ["Inter SemiBold", "Inter Variable", "sans-serif"];
