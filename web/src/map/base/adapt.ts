/** Makes the layers of another style part of ours: from where the districts have lost their colours, in our font, without images. Pure. */

import type { LayerSpecification } from "maplibre-gl";

import { CELLS_FROM, FONT, FONT_STRONG } from "../layer.ts";

/** The beginning of the names of all layers and sources of the base map. */
export const PREFIX = "base-";

function isStrong(font: unknown): boolean {
  return typeof font === "string" && /bold|medium|black/i.test(font);
}

/** A font, or an expression of fonts, with ours in the place of each list of names. */
function ours(font: unknown): unknown {
  if (!Array.isArray(font)) return font;
  const [first, second] = font as unknown[];
  if (first === "literal" && Array.isArray(second)) return ["literal", isStrong(second[0]) ? FONT_STRONG : FONT];
  if (typeof first === "string" && (font as unknown[]).every((each) => typeof each === "string") && /\s|^[A-Z]/.test(first)) return isStrong(first) ? FONT_STRONG : FONT;
  return (font as unknown[]).map(ours);
}

/** Fonts are also named within a formatted text. */
function inText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inText);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, name === "text-font" ? ours(each) : inText(each)]));
}

function withoutIcons(properties: object | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties ?? {}).filter(([name]) => !name.startsWith("icon-")));
}

/** A layer of the base map; null if it has nothing to draw without images. */
export function adapted(layer: LayerSpecification): LayerSpecification | null {
  const range = { id: `${PREFIX}${layer.id}`, minzoom: Math.max(CELLS_FROM, layer.minzoom ?? 0) };
  if (layer.maxzoom !== undefined && layer.maxzoom <= CELLS_FROM) return null;
  if (layer.type === "background") return { ...layer, ...range };
  const paint = withoutIcons(layer.paint);
  if (["fill-pattern", "line-pattern", "fill-extrusion-pattern"].some((name) => name in paint)) return null;
  if (layer.type !== "symbol") return { ...layer, ...range };
  const layout = withoutIcons(layer.layout);
  if (layout["text-field"] === undefined) return null;
  layout["text-field"] = inText(layout["text-field"]);
  layout["text-font"] = ours(layout["text-font"]) ?? FONT;
  return { ...layer, ...range, layout, paint };
}
