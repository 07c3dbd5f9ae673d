/** Which language the page speaks, and how numbers and days are written in it. */

import type { Names } from "../api/types.ts";
import { az } from "./az.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import type { Texts } from "./texts.ts";

export const LANGUAGES = { en, az, ru } as const;
export type Lang = keyof typeof LANGUAGES;

export function isLang(word: string | null): word is Lang {
  return word !== null && Object.hasOwn(LANGUAGES, word);
}

/** The first of the reader's languages that the page speaks; English otherwise. */
export function chooseLang(asked: string | null, preferred: readonly string[]): Lang {
  if (isLang(asked)) return asked;
  for (const tag of preferred) {
    const base = tag.slice(0, 2).toLowerCase();
    if (isLang(base)) return base;
  }
  return "en";
}

/** The texts of a language with its ways of writing numbers and days. */
export interface Speech {
  lang: Lang;
  t: Texts;
  number: (n: number) => string;
  /** 0.89 as 89 %; never rounds up to all or down to none. */
  percent: (share: number) => string;
  day: (iso: string) => string;
  month: (iso: string) => string;
  monthShort: (iso: string) => string;
  name: (names: Names) => string;
}

export function speak(lang: Lang): Speech {
  const locale = { en: "en-GB", az: "az-Latn-AZ", ru: "ru-RU" }[lang];
  const number = new Intl.NumberFormat(locale, { useGrouping: "always" } as Intl.NumberFormatOptions);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const monthShort = new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" });
  const at = (iso: string): Date => new Date(`${iso.length === 7 ? `${iso}-01` : iso}T00:00:00Z`);
  return {
    lang,
    t: LANGUAGES[lang],
    number: (n) => number.format(n),
    percent: (share) => percent.format(honest(share)),
    day: (iso) => day.format(at(iso)),
    month: (iso) => month.format(at(iso)),
    monthShort: (iso) => monthShort.format(at(iso)),
    name: (names) => names[lang] ?? names["en"] ?? names["az"] ?? Object.values(names)[0] ?? "",
  };
}

/** A share that is not quite all must not read as 100 %, one that is not quite none not as 0 %. */
function honest(share: number): number {
  if (share >= 1 || share <= 0) return share;
  return Math.min(0.99, Math.max(0.01, share));
}
