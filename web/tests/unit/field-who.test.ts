import { expect, test } from "vitest";

import { authorOf, isBy, whoMade } from "../../src/field/who.ts";

const of = (operator: string | null): { name: string; operator: string | null } => ({ name: "Team 7", operator });

test("entries of one operator's team are not sent as another's of the same name", () => {
  const entry = { by: "Team 7", operator: "ANAMA" };
  expect(isBy(entry, of("ANAMA"))).toBe(true);
  expect(isBy(entry, of("HALO"))).toBe(false);
  expect(isBy(entry, of(null))).toBe(false);
  expect(isBy({ by: "Team 7", operator: null }, of("HALO"))).toBe(false);
  expect(isBy(entry, null)).toBe(false);
  expect(whoMade(entry)).toBe("Team 7 (ANAMA)");
});

test("entries without an author, or from before operators were stored, are matched by name", () => {
  expect(isBy({ by: null }, of("HALO"))).toBe(true);
  expect(isBy({ by: "Team 7" }, of("HALO"))).toBe(true);
  expect(isBy({ by: "Team 8" }, of("HALO"))).toBe(false);
  expect(whoMade({ by: "Team 7" })).toBe("Team 7");
  expect(authorOf({ name: null, operator: null })).toBe(null);
});
