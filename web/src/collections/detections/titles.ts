/** The titles of fields and of vocabulary words, as readers see them. */

import { FIELDS, WORD_TITLES, type Titles } from "./fields.ts";

/** Returns the title of each field by its name. */
export function fieldTitles(language: keyof Titles): Record<string, string> {
  return Object.fromEntries(FIELDS.map(({ name, titles }) => [name, titles[language]]));
}

/** Returns the title of each word of a field. */
export function wordTitles<F extends keyof typeof WORD_TITLES>(language: keyof Titles, field: F): Record<keyof (typeof WORD_TITLES)[F], string> {
  const words = Object.entries<Titles>(WORD_TITLES[field]).map(([word, titles]) => [word, titles[language]]);
  return Object.fromEntries(words) as Record<keyof (typeof WORD_TITLES)[F], string>;
}

/** Returns the title of a word, or the word itself if it has no title. */
export function wordTitle(language: keyof Titles, field: string, word: string): string {
  const all: Record<string, Record<string, Titles>> = WORD_TITLES;
  return all[field]?.[word]?.[language] ?? word;
}
