/**
 * The addresses that readers send to each other. Crawlers never see what follows `#`, so a shared address has the view in its
 * query, where the server makes a preview of it. Pure.
 */

import type { PageState } from "./address.ts";

/** Places are rounded as the server rounds them: a shared address need not tell which house its sender looked at. */
function rounded(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** The query of a shared view: region, period, language and place. */
export function shareQuery({ region, filters, view }: PageState, lang: string): string {
  const parts: string[] = [];
  if (region !== null) parts.push(`region=${region}`);
  if (filters.from !== null) parts.push(`from=${filters.from}`);
  if (filters.to !== null) parts.push(`to=${filters.to}`);
  parts.push(`lang=${lang}`);
  if (view !== null) parts.push(`at=${rounded(view.zoom, 1)}/${rounded(view.lat, 2)}/${rounded(view.lon, 2)}`);
  return parts.join("&");
}

/** The addresses of a view: with a preview, and for a frame in another page. `site` ends with a slash. */
export function sharedAddresses(state: PageState, lang: string, site: string): { link: string; frame: string } {
  const query = shareQuery(state, lang);
  return { link: `${site}share?${query}`, frame: `${site}embed#${query}` };
}

/** The element that another page needs for the map; addresses contain no quotation marks. */
export function frameCode(address: string, title: string): string {
  const escaped = address.replaceAll("&", "&amp;");
  return `<iframe src="${escaped}" title="${title.replaceAll('"', "&quot;")}" width="100%" height="480" style="border:0" loading="lazy"></iframe>`;
}
