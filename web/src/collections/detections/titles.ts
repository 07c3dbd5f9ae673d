/** What people read in place of the names of fields and of the words in them. */

import { FIELDS, WORD_TITLES, type Titles } from "./fields.ts";

/** The title of each field, by its name. */
export function fieldTitles(language: keyof Titles): Record<string, string> {
  return Object.fromEntries(FIELDS.map(({ name, titles }) => [name, titles[language]]));
}

/** The title of each word of a field. */
export function wordTitles<F extends keyof typeof WORD_TITLES>(language: keyof Titles, field: F): Record<keyof (typeof WORD_TITLES)[F], string> {
  const words = Object.entries<Titles>(WORD_TITLES[field]).map(([word, titles]) => [word, titles[language]]);
  return Object.fromEntries(words) as Record<keyof (typeof WORD_TITLES)[F], string>;
}

/** The title of a word, as far as it has one. */
export function wordTitle(language: keyof Titles, field: string, word: string): string {
  const all: Record<string, Record<string, Titles>> = WORD_TITLES;
  return all[field]?.[word]?.[language] ?? word;
}
