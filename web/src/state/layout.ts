/** The layout for a window, in rem: a large type leaves as little room as a small screen. Pure. */

/** `wide`: a panel beside the map. `sheet`: a sheet over it, on phones. `column`: everything below each other, scrolled. */
export type Layout = "wide" | "sheet" | "column";

/** The least width of the panel beside the map, and the least heights of a map with controls over it, in rem. */
const WIDE = 47.5;
const LEAST_HEIGHT = { wide: 38, sheet: 36 };
/** The least width of a phone with a sheet over the map. */
const SHEET = 19;

export function layoutFor(width: number, height: number, rem: number): Layout {
  if (width / rem > WIDE) return height / rem >= LEAST_HEIGHT.wide ? "wide" : "column";
  return width / rem >= SHEET && height / rem >= LEAST_HEIGHT.sheet ? "sheet" : "column";
}
