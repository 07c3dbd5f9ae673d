/** The map's images, drawn here rather than loaded: the hatch, the cell rings, the symbols of records. */

import type { Map as MapLibre } from "maplibre-gl";

import { KINDS, STATUSES, type Status } from "../shared/api/types.ts";
import { OUTCOMES } from "../collections/accidents/outcome.ts";
import { SYMBOL_SIZE, paintSymbol } from "../collections/accidents/symbol.ts";
import { GLYPHS, GLYPH_LINE } from "../collections/detections/glyphs.ts";
import { PARTS, RING_RADIUS } from "../collections/detections/layers/cells.ts";
import { HATCH } from "./layers/districts.ts";
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

/** Diagonal lines that continue across every edge of the tile, on an opaque ground. */
function hatch({ noData, hatch: line }: Palette): ImageData {
  return draw(HATCH.size, (c, size) => {
    c.fillStyle = noData;
    c.fillRect(0, 0, size, size);
    c.strokeStyle = line;
    c.lineWidth = HATCH.width;
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
    // A thin gap between the colours, so that the split does not rely on colour alone.
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

const DIAMOND = { inside: "M0-9.6L9.6 0L0 9.6L-9.6 0z", line: "M0-10.2L10.2 0L0 10.2L-10.2 0z" } as const;

/** The symbol of a record, also used by the legend, the cards and the tables as an image. */
function record(palette: Palette, status: Status, kind: (typeof KINDS)[number] | null): ImageData {
  return draw(26, (c, size) => {
    c.translate(size / 2, size / 2);
    c.lineJoin = "round";
    if (status === "detected") {
      c.fillStyle = palette.detected;
      c.fill(new Path2D(DIAMOND.inside));
      c.strokeStyle = palette.paper;
      c.lineWidth = 1.6;
      c.stroke(new Path2D(DIAMOND.line));
    } else {
      // Symbols without a glyph are small: a thin ring would fade into the paper around it.
      const stroke = kind === null ? 4.6 : 2.8;
      c.fillStyle = palette.paper;
      c.beginPath();
      c.arc(0, 0, 9.4, 0, Math.PI * 2);
      c.fill();
      c.strokeStyle = palette.neutralised;
      c.lineWidth = stroke;
      c.beginPath();
      c.arc(0, 0, 8.8 - stroke / 2, 0, Math.PI * 2);
      c.stroke();
    }
    if (kind === null) return;
    c.fillStyle = c.strokeStyle = status === "detected" ? palette.paper : palette.neutralised;
    c.lineWidth = GLYPH_LINE;
    c.scale(0.9, 0.9);
    const { path, isHollow } = GLYPHS[kind];
    if (isHollow === true) c.stroke(new Path2D(path));
    else c.fill(new Path2D(path));
  });
}

/** Registers the images in the palette's colours; called again after a change of theme. */
export function putImages(map: MapLibre, palette: Palette): void {
  const put = (name: string, image: ImageData): void => {
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, image, { pixelRatio: RATIO });
  };
  put("hatch", hatch(palette));
  for (const [name, radius] of Object.entries(RING_RADIUS)) {
    for (let n = 0; n <= PARTS; n++) put(`ring-${name}-${n}`, ring(palette, radius, n));
  }
  for (const outcome of OUTCOMES) put(`accident-${outcome}`, draw(SYMBOL_SIZE, (c, size) => paintSymbol(c, size, palette, outcome)));
  for (const status of STATUSES) {
    put(`record-${status}`, record(palette, status, null));
    for (const kind of KINDS) put(`record-${status}-${kind}`, record(palette, status, kind));
  }
}
