import { describe, expect, it } from "vitest";

import { speakField } from "../../src/field/text/index.ts";
import { PROBLEMS, problemText } from "../../src/shared/text/problems.ts";

const deep = { field: "depth_cm", value: "20000", reason: "is outside 0..10000", code: "out_of_range" };

describe("a problem reported by the server", () => {
  it("has a sentence in Azerbaijani and Russian", () => {
    for (const lang of ["az", "ru"] as const) {
      const said = PROBLEMS.map((code) => problemText(speakField(lang).t.access, { ...deep, code }));
      expect(new Set(said).size).toBe(PROBLEMS.length);
      for (const sentence of said) expect(sentence).toMatch(lang === "ru" ? /^[А-ЯЁ].*[.]$/u : /^\p{Lu}.*[.]$/u);
    }
  });

  it("includes the server's limit", () => {
    expect(problemText(speakField("ru").t.access, deep)).toBe("Допустимо: 0..10000.");
    expect(problemText(speakField("az").t.access, { ...deep, code: "too_long", reason: "is longer than 120 characters" })).toBe("Çox uzundur: ən çoxu 120 simvol.");
    expect(problemText(speakField("ru").t.access, { ...deep, code: "too_early", reason: "is before 1900" })).toBe("Дата раньше 1900 года.");
  });

  it("is shown in the server's words if its name is missing or unknown", () => {
    for (const code of [null, undefined, "nobody_knows"]) {
      expect(problemText(speakField("ru").t.access, { reason: "is no day", ...(code !== undefined && { code }) })).toBe("is no day");
    }
    expect(problemText(speakField("en").t.access, deep)).toBe("is outside 0..10000");
  });
});
