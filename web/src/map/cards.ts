/**
 * The card that a click on the map or an entry of the list opens: beside its place, or on a small screen at its foot.
 * It takes the focus; when it closes, the focus goes back to where it came from.
 */

import { Popup } from "maplibre-gl";
import { mount, unmount } from "svelte";

import Card from "../panel/Card.svelte";
import { room } from "../state/room.svelte.ts";
import type { Atlas, Padding } from "./atlas.ts";
import { drawn } from "./drawn.svelte.ts";
import type { Hit } from "./hit.ts";

/** A record of the list is shown with its surroundings. */
const CLOSE_UP = 13;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Cards {
  readonly #atlas: Atlas;
  /** The margins that a card keeps clear. */
  readonly #margins: () => Padding;
  #close: ((how: "left" | "replaced") => void) | null = null;

  constructor(atlas: Atlas, margins: () => Padding) {
    this.#atlas = atlas;
    this.#margins = margins;
  }

  close(): void {
    this.#close?.("replaced");
  }

  /** Opens the card of a record of the list. Once it is closed, the map and the focus are where they were. */
  openFrom(entry: HTMLElement, hit: Hit): void {
    const { map } = this.#atlas;
    const view = { center: map.getCenter(), zoom: map.getZoom() };
    this.close();
    drawn.fromList = true;
    this.#show(hit, entry, (how) => {
      drawn.fromList = false;
      if (how === "left") map.jumpTo(view);
      else this.#atlas.settle();
    });
    if (room.layout === "column") map.getContainer().scrollIntoView();
    this.#atlas.goTo(hit.at, Math.max(view.zoom, CLOSE_UP), this.#margins());
  }

  open(hit: Hit): void {
    this.close();
    this.#show(hit, this.#atlas.map.getCanvas(), () => undefined);
  }

  #show(hit: Hit, from: HTMLElement, closed: (how: "left" | "replaced") => void): void {
    const target = document.createElement("div");
    const card = mount(Card, { target, props: { hit, close: () => close("left") } });
    const place = room.narrow ? this.#atFoot(target) : this.#beside(hit, target, () => close("replaced"));
    const key = (event: KeyboardEvent): void => {
      const { activeElement: active } = document;
      const ours = target.contains(active) || active === from || active === document.body || active === this.#atlas.map.getCanvas();
      if (event.key !== "Escape" || event.defaultPrevented || !ours) return;
      event.preventDefault();
      close("left");
    };
    addEventListener("keydown", key);
    let open = true;
    const close = (this.#close = (how): void => {
      if (!open) return;
      open = false;
      this.#close = null;
      removeEventListener("keydown", key);
      place.remove();
      void unmount(card);
      closed(how);
      // An entry that the list hid for the card can take the focus once it is drawn again.
      if (how === "left") requestAnimationFrame(() => from.focus({ preventScroll: true }));
    });
  }

  /** Over everything at the foot of the screen: a small map has no room for a card. */
  #atFoot(target: HTMLElement): { remove: () => void } {
    target.className = "card-at-foot";
    (this.#atlas.map.getContainer().closest(".page") ?? document.body).append(target);
    target.querySelector("button")?.focus({ preventScroll: true });
    return target;
  }

  #beside(hit: Hit, target: HTMLElement, gone: () => void): { remove: () => void } {
    const popup = new Popup({ closeButton: false, maxWidth: "none", offset: hit.what === "region" ? 4 : 14, focusAfterOpen: true })
      .setLngLat(hit.at)
      .setDOMContent(target)
      .addTo(this.#atlas.map);
    // The card grows when its record has arrived.
    const grows = new ResizeObserver(() => this.#intoView(popup));
    grows.observe(target);
    popup.on("close", () => {
      grows.disconnect();
      gone();
    });
    return popup;
  }

  /** Pans the map so that the card is clear of the panel, the bar and the edges. */
  #intoView(popup: Popup): void {
    const { map } = this.#atlas;
    if (!popup.isOpen()) return;
    if (map.isMoving()) {
      map.once("moveend", () => this.#intoView(popup));
      return;
    }
    const box = popup.getElement().getBoundingClientRect();
    const room = this.#margins();
    const left = Math.min(0, box.left - room.left + 8) || Math.max(0, box.right - (innerWidth - 16));
    const top = Math.min(0, box.top - room.top) || Math.max(0, box.bottom - (innerHeight - room.bottom + 16));
    if (left !== 0 || top !== 0) map.panBy([left, top], { duration: still ? 0 : 180 });
  }
}
