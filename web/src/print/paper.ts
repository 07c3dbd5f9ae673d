/** Sheets of paper. Pure. */

export const SIZES = ["A4", "A3"] as const;
export type Size = (typeof SIZES)[number];
export const TURNS = ["portrait", "landscape"] as const;
export type Turn = (typeof TURNS)[number];

export interface Paper {
  size: Size;
  turn: Turn;
}

/** The short and the long side in mm. */
const SIDES: Record<Size, readonly [number, number]> = { A4: [210, 297], A3: [297, 420] };
const MARGIN_MM = 12;

/** The printed area in mm. */
export function area({ size, turn }: Paper): { width: number; height: number } {
  const [short, long] = SIDES[size].map((side) => side - 2 * MARGIN_MM) as [number, number];
  return turn === "portrait" ? { width: short, height: long } : { width: long, height: short };
}

/** The rule that asks the printer for this sheet. */
export function pageRule({ size, turn }: Paper): string {
  return `@page { size: ${size} ${turn}; margin: ${MARGIN_MM}mm; }`;
}
