/** Finds the operator's base map: named by an element of the page, and read once. */

import { baseOf, type BaseMap } from "./base.ts";
import { configOf } from "./config.ts";

/** Only the text of an attribution is shown: its HTML must not become part of the page. */
function plainText(html: string): string {
  return (new DOMParser().parseFromString(html, "text/html").body.textContent || "").replace(/\s+/g, " ").trim();
}

let found: Promise<BaseMap | null> | null = null;

/**
 * The configured base map, or null. The server states the address of its description in the page, so that a page without a
 * base map requests nothing. A base map that cannot be read leaves the map as it is without one.
 */
export function baseMap(): Promise<BaseMap | null> {
  found ??= (async () => {
    const address = document.querySelector<HTMLMetaElement>('meta[name="clearline-basemap"]')?.content ?? "";
    if (address === "") return null;
    const response = await fetch(address);
    return response.ok ? baseOf(configOf(await response.json(), response.url), plainText) : null;
  })().catch((error: unknown) => {
    console.warn("The base map cannot be used:", error);
    return null;
  });
  return found;
}
