/** The symbol of an accident: a burst, which no other mark resembles. The map, the legend and the cards draw these paths. */

import type { Palette } from "../../map/palette.ts";
import type { Outcome } from "./outcome.ts";

/** The side of the square around the symbol, whose middle is 0, 0. */
export const SYMBOL_SIZE = 28;
const RAYS = 8;

/** A star with its points on the outer radius. */
function star(outer: number, inner: number): string {
  const corner = (i: number): string => {
    const radius = i % 2 === 0 ? outer : inner;
    const angle = (Math.PI * i) / RAYS;
    return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
  };
  return `M${Array.from({ length: RAYS * 2 }, (_, i) => corner(i)).join("L")}Z`;
}

export const BURST = star(12, 7.4);

interface Symbol {
  /** Whether the burst is filled: then somebody was hurt. */
  filled: boolean;
  /** A line inside it. */
  line: string;
}

/** A cross: people killed. A dot: injured. Hollow: nobody recorded as hurt. Hollow with a question mark: unknown. */
export const SYMBOLS: Readonly<Record<Outcome, Symbol>> = {
  killed: { filled: true, line: "M-3.6 -3.6 3.6 3.6M3.6 -3.6 -3.6 3.6" },
  injured: { filled: true, line: "M0 -1.2 0 1.2" },
  unhurt: { filled: false, line: "" },
  unknown: { filled: false, line: "M-2.6 -1.9A2.6 2.6 0 1 1 0.6 0.9L0 2.2M0 4.9 0 5.1" },
};

export const LINE_WIDTH = { burst: 1.8, killed: 2.4, injured: 4.4, unhurt: 0, unknown: 1.9 } as const;

/** Draws the symbol in the middle of a square. */
export function paintSymbol(c: CanvasRenderingContext2D, size: number, palette: Palette, outcome: Outcome): void {
  const { filled, line } = SYMBOLS[outcome];
  const burst = new Path2D(BURST);
  c.translate(size / 2, size / 2);
  c.lineJoin = c.lineCap = "round";
  // An edge of paper keeps it apart from marks below it.
  c.strokeStyle = palette.paper;
  c.lineWidth = LINE_WIDTH.burst + 2.4;
  c.stroke(burst);
  c.fillStyle = filled ? palette.accident : palette.paper;
  c.fill(burst);
  c.strokeStyle = palette.accident;
  c.lineWidth = LINE_WIDTH.burst;
  c.stroke(burst);
  c.strokeStyle = filled ? palette.paper : palette.accident;
  c.lineWidth = LINE_WIDTH[outcome];
  if (line !== "") c.stroke(new Path2D(line));
}
