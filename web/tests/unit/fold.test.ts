import { expect, test } from "vitest";

import { bestRank, fold, rank } from "../../src/shared/text/fold.ts";

test.each([
  ["Kəlbəcər", "kelbecer"],
  ["KƏLBƏCƏR", "kelbecer"],
  ["Kǝlbǝcǝr", "kelbecer"],
  ["Laçın", "lacin"],
  ["Ağdam", "agdam"],
  ["İmişli", "imisli"],
  ["IMIŞLI", "imisli"],
  ["Şuşa", "susa"],
  ["Füzuli", "fuzuli"],
  ["  Şərqi   Zəngəzur ", "serqi zengezur"],
  ["Кельбаджар", "кельбаджар"],
])("%s folds to %s", (name, folded) => {
  expect(fold(name)).toBe(folded);
});

test("an exact name ranks before a prefix, and a prefix before a substring", () => {
  expect(rank("Shusha", "shusha")).toBe(0);
  expect(rank("Shusha city", "SHUSHA")).toBe(1);
  expect(rank("East Zangezur", "zan")).toBe(2);
  expect(rank("Khojavend", "jav")).toBe(3);
  expect(rank("Lachin", "Aghdam")).toBeNull();
});

test("an empty query finds nothing", () => {
  expect(rank("Lachin", "  ")).toBeNull();
});

test("any of the spellings finds the place", () => {
  expect(bestRank(["Kalbajar", "Kəlbəcər", "Kelbajar"], "kelbecer")).toBe(0);
  expect(bestRank([], "kelbecer")).toBeNull();
});
