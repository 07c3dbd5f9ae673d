/** Coordinates as text, in an unambiguous order. */

/** Latitude and longitude in degrees, each with its hemisphere: `39.70000° N, 46.30000° E`. */
export function placeText([lon, lat]: readonly [number, number], digits = 5): string {
  const degrees = (value: number, [plus, minus]: readonly [string, string]): string => `${Math.abs(value).toFixed(digits)}° ${value < 0 ? minus : plus}`;
  return `${degrees(lat, ["N", "S"])}, ${degrees(lon, ["E", "W"])}`;
}
