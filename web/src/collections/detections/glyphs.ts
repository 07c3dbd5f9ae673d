/** The glyph of each kind, inside the symbol of a record and in the legend: SVG paths centred on 0, 0, about 8 pixels wide. Pure. */

import type { Kind } from "../../shared/api/types.ts";

interface Glyph {
  path: string;
  /** Only its outline is drawn. */
  isHollow?: boolean;
}

function dot(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
}

function bar(x: number, y: number, width: number, height: number): string {
  return `M${x - width / 2} ${y - height / 2}h${width}v${height}h${-width}z`;
}

const SHELL = "M0-4.2L1.9-1.4V3.6H-1.9V-1.4z";

export const GLYPHS: Readonly<Record<Kind, Glyph>> = {
  ap_mine: { path: dot(0, 0, 2.4) },
  ap_mine_improvised: { path: dot(0, -1, 2) + bar(0, 3.2, 5, 1.2) },
  av_mine: { path: bar(0, 0, 7.4, 3.6) },
  av_mine_improvised: { path: bar(0, -1, 7, 3) + bar(0, 3.2, 5, 1.2) },
  submunition: { path: dot(-2, 1.4, 1.5) + dot(2, 1.4, 1.5) + dot(0, -2, 1.5) },
  uxo: { path: SHELL },
  axo: { path: SHELL, isHollow: true },
  booby_trap: { path: "M0-3.4L3.4 2.6H-3.4z" },
  ied: { path: "M1-4L-2.6 0.6H-0.3L-1 4L2.6-0.8H0.3z" },
  small_arms: { path: bar(-2.4, 0, 1.3, 6) + bar(0, 0, 1.3, 6) + bar(2.4, 0, 1.3, 6) },
  fuze: { path: bar(0, -2.4, 6, 1.6) + bar(0, 0.8, 1.8, 5) },
  other: { path: bar(0, 0, 5, 1.4) },
};

/** The width of the line of a hollow glyph. */
export const GLYPH_LINE = 1.2;
