/** Every colour of the map and its legend, in both themes. Detected and neutralised are Okabe and Ito's pair. */

export type Theme = "light" | "dark";

export interface Palette {
  water: string;
  neighbour: string;
  neighbourLine: string;
  land: string;
  districtLine: string;
  regionLine: string;
  countryLine: string;
  selected: string;
  selectedHalo: string;
  /** Share of recorded items that are neutralised, in fifths, from none to all. */
  share: readonly [string, string, string, string, string];
  /** Text on each of the five. */
  shareText: readonly [string, string, string, string, string];
  noData: string;
  hatch: string;
  detected: string;
  neutralised: string;
  /** Around and inside the symbols. */
  paper: string;
  ink: string;
  quietInk: string;
  halo: string;
  placeInk: string;
}

const light: Palette = {
  water: "#d9e3ea",
  neighbour: "#f2f3f2",
  neighbourLine: "#d5d9dc",
  land: "#f8f9f9",
  districtLine: "#9aa6b1",
  regionLine: "#3c4854",
  countryLine: "#66727e",
  selected: "#1b1f24",
  selectedHalo: "#ffffff",
  share: ["#eef3f7", "#c3d7e6", "#8ab3d1", "#4886b3", "#0b4f7d"],
  shareText: ["#1b1f24", "#1b1f24", "#1b1f24", "#ffffff", "#ffffff"],
  noData: "#f5f6f6",
  hatch: "#c9cdd2",
  detected: "#d55e00",
  neutralised: "#0072b2",
  paper: "#ffffff",
  ink: "#1b1f24",
  quietInk: "#6b7580",
  halo: "rgba(255,255,255,0.9)",
  placeInk: "#4d5863",
};

const dark: Palette = {
  water: "#0d1318",
  neighbour: "#171c21",
  neighbourLine: "#2a3138",
  land: "#1b2127",
  districtLine: "#5b6772",
  regionLine: "#c3ccd4",
  countryLine: "#8995a0",
  selected: "#ffffff",
  selectedHalo: "#0d1318",
  share: ["#24303a", "#2b4a60", "#2f6a91", "#3f8dc0", "#73bfee"],
  shareText: ["#e9eef2", "#e9eef2", "#ffffff", "#0d1318", "#0d1318"],
  noData: "#1d2328",
  hatch: "#434b53",
  detected: "#f0803c",
  neutralised: "#56aee2",
  paper: "#12171b",
  ink: "#eef2f5",
  quietInk: "#98a4af",
  halo: "rgba(13,19,24,0.85)",
  placeInk: "#b6c0c9",
};

export function paletteOf(theme: Theme): Palette {
  return theme === "dark" ? dark : light;
}
