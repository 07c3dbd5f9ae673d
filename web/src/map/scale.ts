/** The length of a round distance on the screen. Pure. */

/** Metres per pixel at a latitude, in Web Mercator with 512-pixel tiles. */
export function metresPerPixel(lat: number, zoom: number): number {
  return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
}

/** The longest round distance (1, 2, 5, 10, ... m) that fits into `most` pixels. */
export function scaleBar(lat: number, zoom: number, most: number): { metres: number; pixels: number } {
  const metre = metresPerPixel(lat, zoom);
  const longest = metre * most;
  const power = 10 ** Math.floor(Math.log10(longest));
  const metres = ([5, 2, 1].find((n) => n * power <= longest) ?? 1) * power;
  return { metres, pixels: metres / metre };
}
