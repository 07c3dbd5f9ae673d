/** The map's images, drawn here rather than loaded: the hatch, the rings of the cells, the symbols of the records. */

import type { Map as MapLibre } from "maplibre-gl";

import { KINDS, STATUSES, type Status } from "../api/types.ts";
import { PARTS, RING_RADIUS } from "./layers/cells.ts";
import type { Palette } from "./palette.ts";

const RATIO = 2;

type Paint = (canvas: CanvasRenderingContext2D, size: number) => void;

/** Draws a square of `size` CSS pixels. */
function draw(size: number, paint: Paint): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser does not draw on a canvas");
  context.scale(RATIO, RATIO);
  paint(context, size);
  return context.getImageData(0, 0, size * RATIO, size * RATIO);
}

/** Diagonal lines that meet themselves at every edge of the tile. */
function hatch({ hatch: line }: Palette): ImageData {
  return draw(8, (c, size) => {
    c.strokeStyle = line;
    c.lineWidth = 1;
    for (const shift of [-size, 0, size]) {
      c.beginPath();
      c.moveTo(shift - 1, size + 1);
      c.lineTo(shift + size + 1, -1);
      c.stroke();
    }
  });
}

function ring(palette: Palette, radius: number, neutralised: number): ImageData {
  return draw((radius + 2) * 2, (c, size) => {
    const middle = size / 2;
    const inner = radius * (radius > 15 ? 0.68 : 0.5);
    const start = -Math.PI / 2;
    const turn = (Math.PI * 2 * neutralised) / PARTS;
    const slice = (from: number, to: number, colour: string): void => {
      if (to <= from) return;
      c.beginPath();
      c.arc(middle, middle, radius, from, to);
      c.arc(middle, middle, inner, to, from, true);
      c.closePath();
      c.fillStyle = colour;
      c.fill();
    };
    c.beginPath();
    c.arc(middle, middle, radius + 1.2, 0, Math.PI * 2);
    c.fillStyle = palette.paper;
    c.fill();
    slice(start, start + turn, palette.neutralised);
    slice(start + turn, start + Math.PI * 2, palette.detected);
    // A thin gap where the colours meet, so that the split does not rest on colour alone.
    if (neutralised > 0 && neutralised < PARTS) {
      c.strokeStyle = palette.paper;
      c.lineWidth = 1.4;
      for (const angle of [start, start + turn]) {
        c.beginPath();
        c.moveTo(middle + Math.cos(angle) * inner, middle + Math.sin(angle) * inner);
        c.lineTo(middle + Math.cos(angle) * radius, middle + Math.sin(angle) * radius);
        c.stroke();
      }
    }
  });
}

/** The glyph of a kind, centred on 0, 0 within a square of about 8 pixels. */
const GLYPHS: Record<(typeof KINDS)[number], (c: CanvasRenderingContext2D) => void> = {
  ap_mine: (c) => dot(c, 0, 0, 2.4),
  ap_mine_improvised: (c) => (dot(c, 0, -1, 2), bar(c, 0, 3.2, 5, 1.2)),
  av_mine: (c) => bar(c, 0, 0, 7.4, 3.6),
  av_mine_improvised: (c) => (bar(c, 0, -1, 7, 3), bar(c, 0, 3.2, 5, 1.2)),
  submunition: (c) => (dot(c, -2, 1.4, 1.5), dot(c, 2, 1.4, 1.5), dot(c, 0, -2, 1.5)),
  uxo: (c) => shell(c, true),
  axo: (c) => shell(c, false),
  booby_trap: (c) => path(c, [[0, -3.4], [3.4, 2.6], [-3.4, 2.6]], true),
  ied: (c) => path(c, [[1, -4], [-2.6, 0.6], [-0.3, 0.6], [-1, 4], [2.6, -0.8], [0.3, -0.8]], true),
  small_arms: (c) => (bar(c, -2.4, 0, 1.3, 6), bar(c, 0, 0, 1.3, 6), bar(c, 2.4, 0, 1.3, 6)),
  fuze: (c) => (bar(c, 0, -2.4, 6, 1.6), bar(c, 0, 0.8, 1.8, 5)),
  other: (c) => bar(c, 0, 0, 5, 1.4),
};

function dot(c: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  c.beginPath();
  c.arc(x, y, r, 0, Math.PI * 2);
  c.fill();
}

function bar(c: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  c.fillRect(x - width / 2, y - height / 2, width, height);
}

function path(c: CanvasRenderingContext2D, points: readonly (readonly [number, number])[], fill: boolean): void {
  c.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) c.moveTo(x, y);
    else c.lineTo(x, y);
  });
  c.closePath();
  if (fill) c.fill();
  else c.stroke();
}

function shell(c: CanvasRenderingContext2D, fill: boolean): void {
  c.lineWidth = 1.2;
  path(c, [[0, -4.2], [1.9, -1.4], [1.9, 3.6], [-1.9, 3.6], [-1.9, -1.4]], fill);
}

/** The symbol of a record; also used by the legend, the cards and the tables through an image of it. */
function record(palette: Palette, status: Status, kind: (typeof KINDS)[number] | null): ImageData {
  return draw(26, (c, size) => {
    c.translate(size / 2, size / 2);
    const outline = (): void => {
      if (status === "detected") path(c, [[0, -9.6], [9.6, 0], [0, 9.6], [-9.6, 0]], true);
      else dot(c, 0, 0, 8.2);
    };
    c.lineJoin = "round";
    if (status === "detected") {
      c.fillStyle = palette.detected;
      c.strokeStyle = palette.paper;
      outline();
      c.lineWidth = 1.6;
      path(c, [[0, -10.2], [10.2, 0], [0, 10.2], [-10.2, 0]], false);
    } else {
      c.fillStyle = palette.paper;
      dot(c, 0, 0, 9.8);
      c.strokeStyle = palette.neutralised;
      c.lineWidth = 2.8;
      c.beginPath();
      c.arc(0, 0, 7.4, 0, Math.PI * 2);
      c.stroke();
    }
    if (kind === null) return;
    c.fillStyle = c.strokeStyle = status === "detected" ? palette.paper : palette.neutralised;
    const scale = status === "detected" ? 0.95 : 0.85;
    c.scale(scale, scale);
    GLYPHS[kind](c);
  });
}

/** Gives the map its images in the colours of the palette; again after a change of theme. */
export function putImages(map: MapLibre, palette: Palette): void {
  const put = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: RATIO });
  };
  put("hatch", hatch(palette));
  for (const [name, radius] of Object.entries(RING_RADIUS)) {
    for (let n = 0; n <= PARTS; n++) put(`ring-${name}-${n}`, ring(palette, radius, n));
  }
  for (const status of STATUSES) {
    put(`record-${status}`, record(palette, status, null));
    for (const kind of KINDS) put(`record-${status}-${kind}`, record(palette, status, kind));
  }
}
