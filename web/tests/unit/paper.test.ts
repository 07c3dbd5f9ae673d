import { expect, test } from "vitest";

import { area, pageRule } from "../../src/print/paper.ts";

test("the printed area is the sheet without its margins, turned as chosen", () => {
  expect(area({ size: "A4", turn: "portrait" })).toEqual({ width: 186, height: 273 });
  expect(area({ size: "A3", turn: "landscape" })).toEqual({ width: 396, height: 273 });
});

test("the printer is asked for the same sheet", () => {
  expect(pageRule({ size: "A3", turn: "landscape" })).toBe("@page { size: A3 landscape; margin: 12mm; }");
});
