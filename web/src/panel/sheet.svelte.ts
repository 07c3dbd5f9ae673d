/** The panel's three heights on a phone, dragged or stepped through with the button. */

import { room } from "../state/room.svelte.ts";

export type Height = "peek" | "half" | "full";
const HEIGHTS: readonly Height[] = ["peek", "half", "full"];
/** As `--peek` in app.css. */
const PEEK_REM = 13.25;
/** A shorter drag is a tap. */
const TAP_PX = 8;

export class Sheet {
  height = $state<Height>("peek");
  drag = $state(0);
  dragging = $state(false);
  #from: number | null = null;
  #pulled = false;

  step(): void {
    // The click that ends a drag is not a tap.
    if (this.#pulled) {
      this.#pulled = false;
      return;
    }
    this.height = HEIGHTS[(HEIGHTS.indexOf(this.height) + 1) % HEIGHTS.length] ?? "peek";
  }

  /** Shows what has the focus: the lowest height hides most of the sheet. */
  rise(): void {
    if (this.height === "peek" && room.layout === "sheet") this.height = "half";
  }

  grab(event: PointerEvent & { currentTarget: HTMLElement }): void {
    this.#from = event.clientY;
    this.#pulled = false;
    event.currentTarget.setPointerCapture(event.pointerId);
  }

  pull(event: PointerEvent): void {
    if (this.#from === null) return;
    this.drag = this.#from - event.clientY;
    if (Math.abs(this.drag) > TAP_PX) this.dragging = this.#pulled = true;
  }

  drop(): void {
    if (this.#from === null) return;
    if (this.#pulled) {
      const now = shownHeight(this.height) + this.drag;
      this.height = HEIGHTS.reduce((best, each) => (Math.abs(shownHeight(each) - now) < Math.abs(shownHeight(best) - now) ? each : best));
    }
    this.#from = null;
    this.drag = 0;
    this.dragging = false;
  }
}

function shownHeight(height: Height): number {
  return { peek: PEEK_REM * room.rem, half: innerHeight * 0.56, full: innerHeight * 0.92 }[height];
}
