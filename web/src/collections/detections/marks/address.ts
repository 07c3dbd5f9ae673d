/** The addresses of tiles whose marks are joined. Pure. */

export const SCHEME = "marks";

/** The address of a tile, or of all with `{z}/{x}/{y}`, whose source has the zooms up to `deepest`. */
export function marksUrl(tile: string, deepest: number): string {
  return `${SCHEME}://${deepest}/${tile}`;
}

/** The tile behind such an address. */
export function tileOf(url: string): { tile: string; zoom: number; deepest: number } {
  const [, deepest, tile] = /^marks:\/\/(\d+)\/(.+)$/.exec(url) ?? [];
  const [, zoom] = /\/tiles\/[^/]+\/(\d+)\//.exec(tile ?? "") ?? [];
  if (deepest === undefined || tile === undefined || zoom === undefined) throw new Error(`${url} is not the address of a tile`);
  return { tile, zoom: Number(zoom), deepest: Number(deepest) };
}
