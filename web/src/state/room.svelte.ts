/**
 * How much room the page has, measured in its own type: a large type or a strong zoom leaves as little as a small screen.
 * The layout follows `data-room` and `.narrow` on the root element; media queries would not see the size of the type.
 */

import { embedded } from "./embedded.ts";
import { layoutFor, type Layout } from "./layout.ts";

class Room {
  layout = $state<Layout>("wide");
  /** The size of the type in px. */
  rem = $state(16);
  readonly narrow = $derived(this.layout !== "wide");

  constructor() {
    this.#measure();
    addEventListener("resize", () => this.#measure());
    // One rem wide: it grows with the type, however it is enlarged.
    const probe = document.createElement("div");
    probe.setAttribute("style", "position: fixed; width: 1rem; height: 0; visibility: hidden");
    document.body.append(probe);
    new ResizeObserver(() => this.#measure()).observe(probe);
  }

  #measure(): void {
    const root = document.documentElement;
    this.rem = parseFloat(getComputedStyle(root).fontSize);
    // A frame has the map only, whatever its size.
    this.layout = embedded ? "wide" : layoutFor(innerWidth, innerHeight, this.rem);
    root.dataset.room = this.layout;
    root.classList.toggle("narrow", this.narrow);
    root.classList.toggle("embedded", embedded);
  }
}

export const room = new Room();
