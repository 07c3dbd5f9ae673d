/** Which marks are joined at which zoom. Pure. */

import { roundScale } from "../../../map/measure.ts";
import { FULL_RADIUS, ringRadius } from "../layers/cells.ts";
import { COARSE_FROM } from "../layers/coarse.ts";
import { RECORDS_FROM, symbolSize } from "../layers/records.ts";
import { gather, type Mark } from "./gather.ts";

/** The deepest zoom of the map. */
export const LAST_ZOOM = 20;
/** The closest that two marks are, in pixels at an integer zoom; up to the next zoom the distance doubles. */
const LEAST_PX = 16;
/** The distance of two rings as a part of the sum of their radii: closer, one covers the number of the other. */
const CLEAR = 0.8;

/** A mark, with the first and the last zoom at which it is drawn. */
export interface Shown {
  mark: Mark;
  from: number;
  to: number;
}

/** Whether a cell at this zoom is an area, which stays where it is and is never joined. */
function isArea({ detected, neutralised, members }: Mark, zoom: number): boolean {
  return zoom >= COARSE_FROM && members.length === 0 && detected > 0 && neutralised === 0;
}

/** Joins the symbols that would touch at a zoom, then the rings that would cover more of another than its rim. */
function apart(marks: readonly Mark[], zoom: number, scale: number): Mark[] {
  const least = Math.max(LEAST_PX, zoom < RECORDS_FROM ? 0 : symbolSize(zoom));
  const once = gather(marks, () => least * scale, least * scale);
  const full = roundScale(once.reduce((most, { quantity }) => Math.max(most, quantity), 0));
  const radius = ({ members, quantity }: Mark): number => (members.length === 1 ? least / 2 : ringRadius(quantity, full));
  const reach = (mark: Mark, other: Mark): number => Math.max(least, (radius(mark) + radius(other)) * CLEAR) * scale;
  return gather(once, reach, Math.max(least, 2 * FULL_RADIUS) * scale);
}

/**
 * The marks of a tile. The tiles of the deepest zoom are drawn at all further zooms and have the marks of each. Positions are
 * in pixels at the zoom of the tile.
 */
export function levels(marks: readonly Mark[], zoom: number, deepest: number): Shown[] {
  const always = (mark: Mark): Shown => ({ mark, from: 0, to: LAST_ZOOM });
  const areas = marks.filter((mark) => isArea(mark, zoom)).map(always);
  let joined: readonly Mark[] = marks.filter((mark) => !isArea(mark, zoom));
  if (zoom < deepest) return [...areas, ...apart(joined, zoom, 1).map(always)];
  // From near to far, each from the one before: what is one mark stays one mark, so every mark has one range of zooms.
  const shown = new Map<Mark, Shown>();
  for (let level = LAST_ZOOM; level >= zoom; level--) {
    joined = apart(joined, level, 2 ** (zoom - level));
    for (const mark of joined) {
      const known = shown.get(mark) ?? { mark, from: 0, to: level };
      known.from = level === zoom ? 0 : level;
      shown.set(mark, known);
    }
  }
  return [...areas, ...shown.values()];
}
