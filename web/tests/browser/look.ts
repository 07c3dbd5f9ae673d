/** Checks a screen of the field page: axe, contrast, and button sizes. */

import assert from "node:assert/strict";

import type { Page } from "playwright-core";

import { violations } from "./browser.ts";

export async function look(page: Page, screen: string): Promise<void> {
  assert.deepEqual(await violations(page, ["color-contrast-enhanced"]), [], screen);
  const small = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? [`the page is ${document.documentElement.scrollWidth} px wide`] : [];
    const pressed = [...document.querySelectorAll<HTMLElement>("button, a, input:not([type=checkbox], [type=file]), select, textarea, summary, label:has(input[type=checkbox], input[type=file])")];
    const tooSmall = pressed.filter((each) => {
      const { width, height } = each.getBoundingClientRect();
      return width > 0 && (width < 56 || height < 56);
    });
    return wide.concat(tooSmall.map((each) => each.outerHTML.slice(0, 120)));
  });
  assert.deepEqual(small, [], screen);
}
