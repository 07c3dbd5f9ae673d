/** Where to sample a screenshot of the map, and what is there. Positions are pixels from the top left, or lon, lat. */

import type { Picture } from "../picture.ts";

export type Rgb = readonly [number, number, number];
export type Position = readonly [number, number];
/** The part of the map in a screenshot: a zoom and a centre. */
export interface View {
  zoom: number;
  place: Position;
  width: number;
  height: number;
}

/** Out of 255, in each of red, green and blue. */
const TOLERANCE = 2;
/** The maximum width of a line on the map, and the maximum shift of an edge by simplification. */
const FROM_EDGE_PX = 3;
/** The columns and rows of the sampling grid over a shape. */
const GRID = 14;
/** A square of this many equal pixels is no edge. */
const FLAT_PX = 3;

export function rgb(hex: string): Rgb {
  const part = (at: number): number => parseInt(hex.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

export function same(a: Rgb, b: Rgb): boolean {
  return isBetween(a, b, b);
}

/** Whether a colour is between two others, as along the edge of a line. */
export function isBetween(colour: Rgb, a: Rgb, b: Rgb): boolean {
  return colour.every((part, i) => part >= Math.min(a[i] ?? 0, b[i] ?? 0) - TOLERANCE && part <= Math.max(a[i] ?? 0, b[i] ?? 0) + TOLERANCE);
}

/** A place's position in the screenshot, for a map with 512-pixel tiles. */
export function inPicture(at: Position, { zoom, place, width, height }: View): Position {
  const [[x, y], [px, py]] = [inWorld(at, zoom), inWorld(place, zoom)];
  return [x - px + width / 2, y - py + height / 2];
}

/** The place this many pixels right of another and below it. */
export function movedBy(place: Position, zoom: number, [right, down]: Position): Position {
  const [[x, y], size] = [inWorld(place, zoom), 512 * 2 ** zoom];
  return [((x + right) / size - 0.5) * 360, (Math.atan(Math.sinh((0.5 - (y + down) / size) * 2 * Math.PI)) * 180) / Math.PI];
}

function inWorld([lon, lat]: Position, zoom: number): Position {
  const size = 512 * 2 ** zoom;
  return [(lon / 360 + 0.5) * size, (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * size];
}

/** Pixels inside a shape, far enough from its edges that no line touches them. */
export function interior(rings: readonly Position[][], { width, height }: View): Position[] {
  const columns = grid(rings, 0, width);
  return grid(rings, 1, height).flatMap((y) => columns.map((x): Position => [x, y]).filter((at) => isInside(at, rings) && isFar(at, rings)));
}

/** The lines of a grid over a shape along one axis, as far as it is in the screenshot. */
function grid(rings: readonly Position[][], axis: 0 | 1, size: number): number[] {
  const values = rings.flat().map((at) => at[axis]);
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const [first, last] = [Math.max(0, Math.ceil(least)), Math.min(size - 1, Math.floor(most))];
  const step = Math.max(1, Math.floor((last - first) / GRID));
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step);
}

function isInside([x, y]: Position, rings: readonly Position[][]): boolean {
  let odd = false;
  for (const ring of rings) {
    ring.forEach(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    });
  }
  return odd;
}

function isFar([x, y]: Position, rings: readonly Position[][]): boolean {
  return rings.every((ring) =>
    ring.every(([ax, ay], i) => {
      const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay];
      const [dx, dy] = [bx - ax, by - ay];
      const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(ax + along * dx - x, ay + along * dy - y) > FROM_EDGE_PX;
    }),
  );
}

/** The colours that fill more than an edge, each with its first such pixel. */
export function flat(picture: Picture): { colour: Rgb; where: Position }[] {
  const { width, height, at } = picture;
  const codes = coded(picture);
  const found = new Map<number, Position>();
  const isFlat = (from: number): boolean => {
    for (let y = 0; y < FLAT_PX; y++) for (let x = 0; x < FLAT_PX; x++) if (codes[from + y * width + x] !== codes[from]) return false;
    return true;
  };
  for (let y = 0; y + FLAT_PX <= height; y++) {
    for (let x = 0; x + FLAT_PX <= width; x++) {
      const code = codes[y * width + x] ?? 0;
      if (!found.has(code) && isFlat(y * width + x)) found.set(code, [x, y]);
    }
  }
  return [...found.values()].map((where) => ({ colour: at(...where), where }));
}

/** The number of pixels with a colour. */
export function amount(picture: Picture, colour: Rgb): number {
  const alike = new Map<number, boolean>();
  return coded(picture).reduce((sum, code) => {
    const known = alike.get(code) ?? same([code >> 16, (code >> 8) & 255, code & 255], colour);
    alike.set(code, known);
    return known ? sum + 1 : sum;
  }, 0);
}

/** Every pixel as one number, row by row. */
function coded({ width, height, at }: Picture): Uint32Array {
  const codes = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [red, green, blue] = at(x, y);
      codes[y * width + x] = (red << 16) | (green << 8) | blue;
    }
  }
  return codes;
}
