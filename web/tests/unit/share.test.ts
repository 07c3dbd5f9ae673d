import { expect, test } from "vitest";

import { START, readAddress } from "../../src/state/address.ts";
import { frameCode, shareQuery, sharedAddresses } from "../../src/state/share.ts";

test("a shared address has the region, the period, the language and a rounded place", () => {
  const state = readAddress("#region=AZ-KAL&from=2023-01-01&to=2023-06-30&kind=ap_mine&at=9.41/40.1049/46.0511");
  expect(shareQuery(state, "az")).toBe("region=AZ-KAL&from=2023-01-01&to=2023-06-30&lang=az&at=9.4/40.1/46.05");
  expect(shareQuery(START, "en")).toBe("lang=en");
  // The longest view fits the 256 bytes that the server accepts.
  const longest = readAddress(`#region=${"A".repeat(64)}&from=2023-01-01&to=2023-06-30&at=12.34/-85.0512/-179.9999`);
  expect(shareQuery(longest, "ru").length).toBeLessThan(256);
});

test("what the page reads back is the same view", () => {
  const state = readAddress("#region=AZ-LAC&from=2023-01-01&at=9.4/39.7/46.3");
  const { link, frame } = sharedAddresses(state, "en", "https://mines.example/path/");
  expect(link).toBe("https://mines.example/path/share?region=AZ-LAC&from=2023-01-01&lang=en&at=9.4/39.7/46.3");
  expect(readAddress(new URL(frame).hash)).toEqual({ ...state, lang: "en" });
});

test("the code of a frame is valid HTML whatever the title", () => {
  const code = frameCode("https://a.example/embed#region=AZ&lang=en", 'A "map"');
  expect(code).toContain('src="https://a.example/embed#region=AZ&amp;lang=en"');
  expect(code).toContain('title="A &quot;map&quot;"');
});
