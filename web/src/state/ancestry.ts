/** The tiles affected by a change, above and below the reported zoom. Pure. */

import type { Bounds, TileAddress } from "../shared/api/types.ts";

export function key({ z, x, y }: TileAddress): string {
  return `${z}/${x}/${y}`;
}

export function ancestor(tile: TileAddress, z: number): TileAddress {
  const up = 2 ** (tile.z - z);
  return { z, x: Math.floor(tile.x / up), y: Math.floor(tile.y / up) };
}

/** Whether one tile contains the other, or they are the same. */
export function related(a: TileAddress, b: TileAddress): boolean {
  const z = Math.min(a.z, b.z);
  return key(ancestor(a, z)) === key(ancestor(b, z));
}

function column(lon: number, n: number): number {
  return Math.min(n - 1, Math.max(0, Math.floor(((lon + 180) / 360) * n)));
}

function row(lat: number, n: number): number {
  const phi = (Math.min(85.0511, Math.max(-85.0511, lat)) * Math.PI) / 180;
  return Math.min(n - 1, Math.max(0, Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * n)));
}

/** The tiles of one zoom that cover the bounds; null if more than `limit`. */
export function covering([west, south, east, north]: Bounds, z: number, limit: number): TileAddress[] | null {
  const n = 2 ** z;
  const [left, right] = [column(west, n), column(east, n)];
  const [top, bottom] = [row(north, n), row(south, n)];
  if ((right - left + 1) * (bottom - top + 1) > limit) return null;
  const tiles: TileAddress[] = [];
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) tiles.push({ z, x, y });
  return tiles;
}

/**
 * The tiles to reload after a change: the changed tiles, all above them, and those below them in view. MapLibre skips tiles
 * it has not loaded.
 */
export function touched(changed: readonly TileAddress[], view: Bounds, zooms: readonly number[]): TileAddress[] {
  const tiles = new Map<string, TileAddress>();
  const put = (tile: TileAddress): void => void tiles.set(key(tile), tile);
  for (const tile of changed) for (let z = tile.z; z >= 0; z--) put(ancestor(tile, z));
  for (const z of zooms) {
    for (const tile of covering(view, z, 512) ?? []) if (changed.some((each) => related(each, tile))) put(tile);
  }
  return [...tiles.values()];
}
