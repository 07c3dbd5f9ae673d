import { expect, test } from "vitest";

import { layoutFor } from "../../src/state/layout.ts";

test("the layout follows the room in the page's own type", () => {
  expect(layoutFor(1280, 800, 16)).toBe("wide");
  expect(layoutFor(360, 640, 16)).toBe("sheet");
  expect(layoutFor(390, 844, 16)).toBe("sheet");
});

test("without room for controls over the map, the page is a column", () => {
  expect(layoutFor(1280, 800, 32)).toBe("column");
  expect(layoutFor(360, 640, 32)).toBe("column");
  expect(layoutFor(640, 360, 16)).toBe("column");
  expect(layoutFor(320, 256, 16)).toBe("column");
  expect(layoutFor(1280, 500, 16)).toBe("column");
});
