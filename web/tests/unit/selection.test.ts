import { expect, test } from "vitest";

import { cursorAfter, isFlagged, meant, span, together } from "../../src/review/selection.ts";

const ids = ["a", "b", "c", "d"];

test("a decision targets the selection, in the order of the list, or the current record", () => {
  expect(meant(ids, new Set(["d", "b"]), 0)).toEqual(["b", "d"]);
  expect(meant(ids, new Set(), 2)).toEqual(["c"]);
  expect(meant([], new Set(), 0)).toEqual([]);
});

test("a span has both ends, in either direction", () => {
  expect(span(ids, 1, 3)).toEqual(["b", "c", "d"]);
  expect(span(ids, 2, 0)).toEqual(["a", "b", "c"]);
});

test("the cursor moves to the next remaining record", () => {
  expect(cursorAfter(ids, new Set(["b"]), 1)).toBe(1);
  expect(cursorAfter(ids, new Set(["a"]), 2)).toBe(1);
  expect(cursorAfter(ids, new Set(["d"]), 3)).toBe(2);
  expect(cursorAfter(ids, new Set(ids), 3)).toBe(0);
});

test("possible duplicates and risky records are never selected among others", () => {
  const entry = (key: string, near: unknown[], risks: unknown[]): { key: string; near: unknown[]; risks: unknown[] } => ({ key, near, risks });
  const entries = [entry("a", [], []), entry("b", [{ id: "x" }], []), entry("c", [], [{ code: "far" }]), entry("d", [], [])];
  expect(entries.map(isFlagged)).toEqual([false, true, true, false]);
  expect(together(entries)).toEqual(["a", "d"]);
});
