/** Folds spellings for comparison: Kəlbəcər, KƏLBƏCƏR and kelbecer give the same letters. */

/** Letters that Unicode does not decompose into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = { ə: "e", ǝ: "e", ı: "i", ø: "o", đ: "d", ł: "l", ß: "ss", "’": "", "'": "", "ʼ": "", "-": " " };

export function fold(text: string): string {
  return text
    // Fold the Turkic dotted capital İ to i first; lower-casing it in another locale leaves a combining dot.
    .replaceAll("İ", "i")
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[əǝıøđłß’'ʼ-]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/g, " ")
    .trim();
}

/** 0: equal, 1: prefix, 2: prefix of a word, 3: substring, null: no match. */
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
