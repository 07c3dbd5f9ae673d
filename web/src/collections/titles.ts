/** The titles of fields and of vocabulary words, as readers see them. */

import type { FieldSpec, Titles, WordTitles } from "./fields.ts";

/** Returns the title of each field by its name. */
export function fieldTitles(language: keyof Titles, fields: readonly FieldSpec[]): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, titles }) => [name, titles[language]]));
}

/** Returns the title of each word of a vocabulary. */
export function wordTitles<W extends string>(language: keyof Titles, words: Readonly<Record<W, Titles>>): Record<W, string> {
  const titled = Object.entries<Titles>(words).map(([word, titles]) => [word, titles[language]]);
  return Object.fromEntries(titled) as Record<W, string>;
}

/** Returns the title of a word, or the word itself if it has no title. */
export function wordTitle(language: keyof Titles, all: WordTitles, field: string, word: string): string {
  return all[field]?.[word]?.[language] ?? word;
}
