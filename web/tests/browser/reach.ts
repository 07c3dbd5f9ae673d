/** Measures in the page whether a reader reaches every control: on the screen, hit by a click, and nothing over it. */

import type { Page } from "playwright-core";

/** The complaints about the visible controls inside elements of this selector. */
export async function unreachable(page: Page, within = "body"): Promise<string[]> {
  // The compiler of the tests names functions with it; the page does not have it.
  await page.evaluate("globalThis.__name = (named) => named");
  return page.evaluate((scope) => {
    const CONTROLS = "a[href], button, input, select, textarea, summary, [role=slider], [role=option]";
    const complaints: string[] = [];
    const name = (element: Element): string => `${element.tagName.toLowerCase()} “${(element.getAttribute("aria-label") ?? element.textContent).trim().replace(/\s+/g, " ").slice(0, 50)}”`;
    const meets = (a: DOMRect, b: { left: number; top: number; right: number; bottom: number }): DOMRect => {
      const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
      return new DOMRect(left, top, Math.max(0, Math.min(a.right, b.right) - left), Math.max(0, Math.min(a.bottom, b.bottom) - top));
    };
    const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    /** What of an element its scrolled ancestors leave visible. */
    const seen = (element: Element): DOMRect => {
      let box = meets(element.getBoundingClientRect(), screen);
      for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.overflowX !== "visible" || style.overflowY !== "visible") box = meets(box, at.getBoundingClientRect());
        if (style.position === "fixed") break;
      }
      return box;
    };
    const controls = [...document.querySelectorAll(scope)]
      .flatMap((root) => [...root.querySelectorAll(CONTROLS)])
      .filter((each) => each.closest("[inert]") === null && !each.matches(".unseen") && each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().width > 0);
    if (controls.length === 0) complaints.push(`no control in ${scope}`);

    const boxes = controls.map((each) => ({ each, box: seen(each) })).filter(({ box }) => box.width > 1 && box.height > 1);
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const common = meets(a.box, b.box);
        if (common.width > 1 && common.height > 1 && !a.each.contains(b.each) && !b.each.contains(a.each)) complaints.push(`${name(a.each)} overlaps ${name(b.each)}`);
      }
    }

    for (const each of controls) {
      each.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      const whole = each.getBoundingClientRect();
      const box = seen(each);
      // A control larger than the screen is scrolled; its width must fit all the same.
      if (whole.width - box.width > 1 || Math.min(whole.height, 44) - box.height > 1) {
        complaints.push(`${name(each)} leaves the screen: ${JSON.stringify(whole)}`);
        continue;
      }
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (hit === null || (!each.contains(hit) && !hit.contains(each))) complaints.push(`${name(each)} is covered by ${hit === null ? "nothing" : hit.outerHTML.slice(0, 80)}`);
    }

    // Words that are wider than their box are cut or push the page aside.
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth) complaints.push(`the page is ${root.scrollWidth} px wide: ${[...document.querySelectorAll(".page *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.closest("[role=region]") === null).map((each) => each.outerHTML.slice(0, 60)).slice(0, 3).join(" ")}`);
    for (const element of document.querySelectorAll(`:is(${scope}) :is(p, h1, h2, h3, dt, dd, li, th, td, label, button)`)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".unseen, [inert], [role=slider]") !== null) continue;
      const { left, right, width } = element.getBoundingClientRect();
      // The list scrolls sideways.
      const sideways = element.closest("[tabindex='0'][role=region]");
      if (width > 1 && sideways === null && (left < -1 || right > innerWidth + 1)) complaints.push(`text leaves the screen: ${name(element)}`);
      if (element.scrollWidth - element.clientWidth > 1 && element.clientWidth > 0 && getComputedStyle(element).textOverflow !== "ellipsis") complaints.push(`text is wider than its box: ${name(element)}`);
    }
    scrollTo(0, 0);
    return [...new Set(complaints)];
  }, within);
}
