/** Where a map should look. Pure. */

import type { Bounds, Region } from "../shared/api/types.ts";

/** The bounding box of the districts with records, of all districts if there are none. */
export function boundsOf(regions: readonly Region[]): Bounds | undefined {
  const districts = regions.filter(({ level }) => level === "district");
  const counted = districts.filter(({ recorded }) => recorded.records > 0);
  const boxes = (counted.length > 0 ? counted : districts).map(({ bounds }) => bounds).filter((box) => box !== null);
  if (boxes.length === 0) return undefined;
  return boxes.reduce(([w, s, e, n], box) => [Math.min(w, box[0]), Math.min(s, box[1]), Math.max(e, box[2]), Math.max(n, box[3])]);
}
