/** Draws the map for paper: at the size of the paper, framed on the chosen region or on what the screen shows. */

import { shown } from "../collections/accidents/shown.svelte.ts";
import { Atlas } from "../map/atlas.ts";
import { drawn } from "../map/drawn.svelte.ts";
import { districtLabel } from "../map/label.ts";
import type { Marks } from "../map/layer.ts";
import { paletteOf } from "../map/palette.ts";
import { suffix } from "../state/filters.ts";
import { page } from "../state/page.svelte.ts";
import { session } from "../state/session.svelte.ts";

/** Dots per CSS pixel: 240 per inch. */
const DENSITY = 2.5;
const LONGEST_MS = 45_000;

/** What the legend and the scale need to know about a drawn map. */
export interface View {
  zoom: number;
  lat: number;
  marks: Marks;
  fullRing: number;
}

/** Draws into the canvas, whose CSS size is the size on paper. Rejects if the map does not get ready. */
export async function drawInto(canvas: HTMLCanvasElement): Promise<View> {
  const { width, height } = canvas.getBoundingClientRect();
  const container = document.createElement("div");
  container.setAttribute("style", `position: fixed; left: -${2 * width}px; top: 0; width: ${width}px; height: ${height}px`);
  container.inert = true;
  document.body.append(container);
  const view: View = { zoom: drawn.zoom, lat: drawn.lat, marks: drawn.marks, fullRing: drawn.fullRing };
  const bounds = (page.region === null ? page.seen?.bounds : page.byId.get(page.region)?.bounds) ?? page.recordedBounds();
  const drawing = { palette: paletteOf("light"), lang: page.lang, fullRing: drawn.fullRing, region: page.region, measure: page.measure, coarse: session.coarse, somewhere: page.speech.t.access.somewhere, accidents: shown.onMap, leaf: 0, turning: false, turnMs: 0 } as const;
  const atlas = new Atlas(container, drawing, suffix(page.shownQuery), null, page.speech.t.map, DENSITY);
  try {
    if (page.overview !== null) atlas.show(page.overview.regions, page.measure, districtLabel);
    const idle = new Promise<void>((resolve, reject) => {
      atlas.onMarks = (marks) => (view.marks = marks);
      atlas.onScale = (fullRing) => (view.fullRing = fullRing);
      atlas.onIdle = resolve;
      setTimeout(() => reject(new Error("the map for the paper did not get ready")), LONGEST_MS);
    });
    if (bounds !== undefined) atlas.go({ bounds }, { top: 24, right: 24, bottom: 24, left: 24 }, false);
    await idle;
    view.zoom = atlas.map.getZoom();
    view.lat = atlas.map.getCenter().lat;
    copy(atlas, canvas);
    return view;
  } finally {
    atlas.map.remove();
    container.remove();
  }
}

/** Copies the map on the screen as it is. */
export function copyScreen(canvas: HTMLCanvasElement): View {
  if (drawn.map !== null) copy({ map: drawn.map }, canvas);
  return { zoom: drawn.zoom, lat: drawn.lat, marks: drawn.marks, fullRing: drawn.fullRing };
}

function copy({ map }: Pick<Atlas, "map">, canvas: HTMLCanvasElement): void {
  const from = map.getCanvas();
  canvas.width = from.width;
  canvas.height = from.height;
  // The pixels are there only until the frame ends.
  map.redraw();
  canvas.getContext("2d")?.drawImage(from, 0, 0);
}
