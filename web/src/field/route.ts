/** The current screen, kept in the address after `#` so that Back and reload work. */

export const SCREENS = ["take", "where", "what", "keep", "kept", "queue", "entry", "records", "map", "record", "neutralise", "takeback", "discount", "more"] as const;
export type Screen = (typeof SCREENS)[number];

export interface Route {
  screen: Screen;
  /** The entry or record shown. */
  id: string;
}

export function readRoute(hash: string): Route {
  const [word, id = ""] = hash.replace(/^#/, "").split("/");
  const screen = SCREENS.find((known) => known === word) ?? "take";
  return { screen, id: decodeURIComponent(id) };
}

export function writeRoute({ screen, id }: Route): string {
  return id === "" ? `#${screen}` : `#${screen}/${encodeURIComponent(id)}`;
}
