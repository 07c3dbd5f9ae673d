/** Makes spellings comparable: Kəlbəcər, KƏLBƏCƏR and kelbecer fold to the same letters. */

/** Letters that Unicode does not take apart into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = { ə: "e", ǝ: "e", ı: "i", ø: "o", đ: "d", ł: "l", ß: "ss", "’": "", "'": "", "ʼ": "", "-": " " };

export function fold(text: string): string {
  return text
    // The Turkic capital I with a dot folds to i; lower-casing it in another locale leaves a stray mark.
    .replaceAll("İ", "i")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[əǝıøđłß’'ʼ-]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/g, " ")
    .trim();
}

/** 0: the same, 1: begins so, 2: a word in it begins so, 3: holds it, null: not at all. */
export function rank(name: string, wanted: string): number | null {
  const [a, b] = [fold(name), fold(wanted)];
  if (b === "") return null;
  if (a === b) return 0;
  if (a.startsWith(b)) return 1;
  if (a.includes(` ${b}`)) return 2;
  return a.includes(b) ? 3 : null;
}

/** The best rank among several spellings. */
export function bestRank(names: readonly string[], wanted: string): number | null {
  const ranks = names.map((name) => rank(name, wanted)).filter((r) => r !== null);
  return ranks.length === 0 ? null : Math.min(...ranks);
}
