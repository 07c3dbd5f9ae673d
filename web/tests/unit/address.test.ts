import { expect, test } from "vitest";

import { readAddress, START, writeAddress, type PageState } from "../../src/state/address.ts";

const full: PageState = {
  view: { zoom: 9.25, lat: 40.0581, lon: 46.3183 },
  region: "AZ-KAL",
  filters: { status: ["detected"], kinds: ["ap_mine", "uxo"], operator: "Alpha & Söhne", from: "2023-01-01", to: "2023-06-30", asOf: null },
  lang: "az",
  theme: "dark",
  list: true,
  table: "AZ-karabakh",
  beside: ["AZ-KAL", "AZ-LAC"],
  accidents: false,
  counts: "found",
  desk: "review",
  reviewed: "accidents",
};

test("a written state reads back as itself", () => {
  expect(readAddress(writeAddress(full))).toEqual(full);
});

test("a page at its defaults has an empty address", () => {
  expect(writeAddress(START)).toBe("");
  expect(readAddress("")).toEqual(START);
});

test("the review of accidents has an address of its own", () => {
  expect(writeAddress({ ...START, desk: "review", reviewed: "accidents" })).toBe("#review=accidents");
  expect(readAddress("#review=accidents")).toMatchObject({ desk: "review", reviewed: "accidents" });
  expect(readAddress("#review=nonsense")).toMatchObject({ desk: "review", reviewed: "detections" });
});

test("the queue has an address of one word", () => {
  expect(readAddress("#review").desk).toBe("review");
  expect(writeAddress({ ...START, desk: "tokens" })).toBe("#tokens");
  expect(readAddress("#nothing").desk).toBeNull();
});

test("invalid parts of a link are ignored, and the rest still opens", () => {
  const state = readAddress("#region=../x&status=safe&kind=ap_mine,nonsense&from=2023-02-30&at=99/40/46&theme=blue&lang=de");
  expect(state.region).toBeNull();
  expect(state.filters).toEqual({ status: ["detected", "neutralised"], kinds: ["ap_mine"], operator: null, from: null, to: null, asOf: null });
  expect(state.view).toBeNull();
  expect(state.theme).toBeNull();
});

test("a date stands in the address beside the other filters", () => {
  const state: PageState = { ...full, filters: { ...full.filters, from: null, to: null, asOf: "2023-06-30" } };
  expect(writeAddress(state)).toContain("&as_of=2023-06-30&");
  expect(readAddress(writeAddress(state))).toEqual(state);
});

test("a date and a period in one address: the date is shown, as the two would be misread together", () => {
  const { filters } = readAddress("#from=2023-01-01&to=2023-02-28&as_of=2023-06-30");
  expect(filters).toMatchObject({ from: null, to: null, asOf: "2023-06-30" });
});

test("an invalid date is ignored", () => {
  expect(readAddress("#as_of=2023-06-31").filters.asOf).toBeNull();
});

test("reversed days are swapped", () => {
  const { filters } = readAddress("#from=2023-06-01&to=2023-01-01");
  expect([filters.from, filters.to]).toEqual(["2023-01-01", "2023-06-01"]);
});

test.each(["#at=", "#at=8/40", "#at=8/40/46/1", "#at=8//46", "#at=8/95/46", "#at=8/40/190", "#at=x/y/z"])("%s is no view", (hash) => {
  expect(readAddress(hash).view).toBeNull();
});

test("accidents are shown unless the address hides them", () => {
  expect(readAddress("#accidents=0").accidents).toBe(false);
  expect(readAddress("#accidents=1").accidents).toBe(true);
  expect(writeAddress({ ...START, accidents: false })).toBe("#accidents=0");
});
