/** The base map that an operator has configured, as the server describes it. Pure. */

export interface Terrain {
  tiles: string;
  encoding: "terrarium" | "mapbox";
  maxzoom: number;
}

export type BaseConfig =
  | { kind: "protomaps"; tiles: string; minzoom: number; maxzoom: number; attribution: string; terrain: Terrain | null }
  | { kind: "raster"; tiles: string; attribution: string; terrain: Terrain | null }
  | { kind: "style"; url: string; attribution: string; terrain: Terrain | null };

type Json = Readonly<Record<string, unknown>>;

function text(json: Json, name: string, otherwise?: string): string {
  const value = json[name] ?? otherwise;
  if (typeof value !== "string") throw new Error(`the base map has no ${name}`);
  return value;
}

function number(json: Json, name: string, otherwise: number): number {
  const value = json[name] ?? otherwise;
  if (typeof value !== "number") throw new Error(`${name} of the base map is not a number`);
  return value;
}

/** An address as an absolute one; `{z}`, `{x}` and `{y}` stay as they are. */
function absolute(address: string, base: string): string {
  return new URL(address, base).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
}

function terrainOf(json: unknown, base: string): Terrain | null {
  if (typeof json !== "object" || json === null) return null;
  const terrain = json as Json;
  const encoding = text(terrain, "encoding", "terrarium");
  if (encoding !== "terrarium" && encoding !== "mapbox") throw new Error(`the terrain is encoded as ${encoding}`);
  return { tiles: absolute(text(terrain, "tiles"), base), encoding, maxzoom: number(terrain, "maxzoom", 12) };
}

/**
 * Reads the description; addresses in it are relative to `base`.
 *
 * # Errors
 * An `Error` that names what is missing or unknown.
 */
export function configOf(json: unknown, base: string): BaseConfig {
  if (typeof json !== "object" || json === null) throw new Error("the description of the base map is not an object");
  const given = json as Json;
  const kind = text(given, "kind");
  const common = { attribution: text(given, "attribution", ""), terrain: terrainOf(given.terrain, base) };
  switch (kind) {
    case "protomaps":
      return { kind, tiles: absolute(text(given, "tiles"), base), minzoom: number(given, "minzoom", 0), maxzoom: number(given, "maxzoom", 15), ...common };
    case "raster":
      return { kind, tiles: absolute(text(given, "tiles"), base), ...common };
    case "style":
      return { kind, url: absolute(text(given, "url"), base), ...common };
    default:
      throw new Error(`a base map of the kind ${kind} is unknown`);
  }
}
