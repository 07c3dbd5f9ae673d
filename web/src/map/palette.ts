/** All colours of the map and its legend, in both themes. Detected and neutralised use a colour pair by Okabe and Ito. */

import type { Measure } from "./measure.ts";

export type Theme = "light" | "dark";
type Five = readonly [string, string, string, string, string];

export interface Palette {
  theme: Theme;
  water: string;
  river: string;
  waterInk: string;
  neighbour: string;
  neighbourLine: string;
  land: string;
  districtLine: string;
  regionLine: string;
  countryLine: string;
  selected: string;
  selectedHalo: string;
  /** The five steps of each measure, ascending. */
  steps: Readonly<Record<Measure["of"], Five>>;
  /** The text colour on each step. */
  stepText: Readonly<Record<Measure["of"], Five>>;
  noData: string;
  hatch: string;
  detected: string;
  neutralised: string;
  /** Accidents: no status of an item. */
  accident: string;
  /** The areas known to contain uncleared items: `detected`, thinned. */
  coarse: string;
  /** The outline and inside of the symbols. */
  paper: string;
  ink: string;
  quietInk: string;
  halo: string;
  placeInk: string;
}

/** Neutralised items are blue, as a share or a number; found items are brown, after their status colour. */
function byMeasure(blue: Five, brown: Five): Record<Measure["of"], Five> {
  return { share: blue, neutralised: blue, detected: brown };
}

const light: Palette = {
  theme: "light",
  water: "#d9e3ea",
  river: "#a8c2d3",
  waterInk: "#43708c",
  neighbour: "#f2f3f2",
  neighbourLine: "#d5d9dc",
  land: "#f8f9f9",
  districtLine: "#9aa6b1",
  regionLine: "#3c4854",
  countryLine: "#66727e",
  selected: "#1b1f24",
  selectedHalo: "#ffffff",
  steps: byMeasure(["#eef3f7", "#c3d7e6", "#8ab3d1", "#4886b3", "#0b4f7d"], ["#fbf0e7", "#f3d3b8", "#e6a877", "#c9703a", "#8f3f00"]),
  stepText: byMeasure(["#1b1f24", "#1b1f24", "#1b1f24", "#ffffff", "#ffffff"], ["#1b1f24", "#1b1f24", "#1b1f24", "#ffffff", "#ffffff"]),
  noData: "#f5f6f6",
  hatch: "#c9cdd2",
  detected: "#d55e00",
  neutralised: "#0072b2",
  accident: "#8b1f6d",
  coarse: "#f1dac7",
  paper: "#ffffff",
  ink: "#1b1f24",
  quietInk: "#6b7580",
  halo: "rgba(255,255,255,0.9)",
  placeInk: "#4d5863",
};

const dark: Palette = {
  theme: "dark",
  water: "#0d1318",
  river: "#2b4a5e",
  waterInk: "#86aec9",
  neighbour: "#171c21",
  neighbourLine: "#2a3138",
  land: "#1b2127",
  districtLine: "#5b6772",
  regionLine: "#c3ccd4",
  countryLine: "#8995a0",
  selected: "#ffffff",
  selectedHalo: "#0d1318",
  steps: byMeasure(["#24303a", "#2b4a60", "#2f6a91", "#3f8dc0", "#73bfee"], ["#33291f", "#5a3d28", "#8a552c", "#c07a42", "#f6b27d"]),
  stepText: byMeasure(["#e9eef2", "#e9eef2", "#ffffff", "#0d1318", "#0d1318"], ["#e9eef2", "#e9eef2", "#ffffff", "#0d1318", "#0d1318"]),
  noData: "#1d2328",
  hatch: "#434b53",
  detected: "#f0803c",
  neutralised: "#56aee2",
  accident: "#eca3d8",
  coarse: "#46342b",
  paper: "#12171b",
  ink: "#eef2f5",
  quietInk: "#98a4af",
  halo: "rgba(13,19,24,0.85)",
  placeInk: "#b6c0c9",
};

export function paletteOf(theme: Theme): Palette {
  return theme === "dark" ? dark : light;
}
