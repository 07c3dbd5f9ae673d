import { expect, test } from "vitest";

import { ancestor, covering, key, related, touched } from "../../src/state/ancestry.ts";

const tile = { z: 14, x: 10303, y: 6219 };

test("an ancestor is the tile that holds it", () => {
  expect(ancestor(tile, 13)).toEqual({ z: 13, x: 5151, y: 3109 });
  expect(ancestor(tile, 0)).toEqual({ z: 0, x: 0, y: 0 });
  expect(ancestor(tile, 14)).toEqual(tile);
});

test("tiles are related when one holds the other, at any zooms", () => {
  expect(related(tile, ancestor(tile, 5))).toBe(true);
  expect(related(ancestor(tile, 5), tile)).toBe(true);
  expect(related(tile, { ...tile, x: tile.x + 1 })).toBe(false);
});

test("the world is one tile, then four", () => {
  const world: [number, number, number, number] = [-180, -85.05, 179.99, 85.05];
  expect(covering(world, 0, 100)).toHaveLength(1);
  expect(covering(world, 1, 100)).toHaveLength(4);
  expect(covering(world, 10, 100)).toBeNull();
});

test("a point is in the tile that the server names for it", () => {
  expect(covering([46.3183, 40.0581, 46.3183, 40.0581], 9, 10)).toEqual([{ z: 9, x: 321, y: 193 }]);
});

test("a change touches every tile above it", () => {
  const tiles = touched([tile], [46, 40, 46.1, 40.1], [8]).map(key);
  for (let z = 0; z <= 14; z++) expect(tiles).toContain(key(ancestor(tile, z)));
});

test("of the tiles below, a change touches those in view, and no others", () => {
  const lon = ((tile.x + 0.5) / 2 ** 14) * 360 - 180;
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * (tile.y + 0.5)) / 2 ** 14))) * 180) / Math.PI;
  const tiles = touched([tile], [lon - 0.004, lat - 0.004, lon + 0.004, lat + 0.004], [16]).filter(({ z }) => z === 16);
  expect(tiles.length).toBeGreaterThan(0);
  for (const below of tiles) expect(ancestor(below, 14)).toEqual(tile);
  expect(touched([tile], [0, 0, 0.01, 0.01], [16]).filter(({ z }) => z === 16)).toEqual([]);
});
