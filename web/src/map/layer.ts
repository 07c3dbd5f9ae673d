/** What a layer module is: the MapLibre layers it draws and, from the same values, its entries in the legend. */

import type { LayerSpecification } from "maplibre-gl";

import type { Palette } from "./palette.ts";

/** What the layers depend on. The style file for other programs is made with `images: false`. */
export interface Drawing {
  palette: Palette;
  lang: string;
  /** Whether the generated images (hatch, rings, symbols) are there. */
  images: boolean;
  /** The number of items that a cell's ring shows at its full radius. */
  fullRing: number;
  region: string | null;
}

/** A picture in the legend and the word beside it (a key of the texts). */
export type LegendEntry =
  | { shape: "steps"; colours: readonly string[]; label: LegendLabel }
  | { shape: "hatch"; fill: string; line: string; label: LegendLabel }
  | { shape: "line"; colour: string; width: number; label: LegendLabel }
  | { shape: "rings"; detected: string; neutralised: string; paper: string; sizes: { items: number; radius: number }[]; label: LegendLabel }
  | { shape: "diamond" | "circle"; colour: string; paper: string; label: LegendLabel };

export type LegendLabel = "share" | "noData" | "economicRegion" | "cells" | "detected" | "neutralised";

export interface LayerModule {
  layers(drawing: Drawing): LayerSpecification[];
  legend(drawing: Drawing): LegendEntry[];
  /** The zooms at which the legend shows the entries. */
  zooms: readonly [number, number];
}

/** Names of districts and places in the reader's language; the tiles carry English and Azerbaijani. */
export function localName(lang: string): ["coalesce", ...["get", string][]] {
  return lang === "az" ? ["coalesce", ["get", "name_az"], ["get", "name"]] : ["coalesce", ["get", "name_en"], ["get", "name"]];
}

export const FONT = ["Inter Variable", "sans-serif"];
/** MapLibre reads the weight from the first name; the second is the family that exists. */
export const FONT_STRONG = ["Inter SemiBold", "Inter Variable", "sans-serif"];
