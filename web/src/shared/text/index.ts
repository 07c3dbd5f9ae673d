/** The page's language, and its formats for numbers and days. */

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

/** The first of the reader's languages that the page supports; otherwise English. */
export function chooseLang(asked: string | null, preferred: readonly string[]): Lang {
  if (isLang(asked)) return asked;
  for (const tag of preferred) {
    const base = tag.slice(0, 2).toLowerCase();
    if (isLang(base)) return base;
  }
  return "en";
}

/** The texts of a language with its formats for numbers and days. */
export interface Speech {
  lang: Lang;
  t: Texts;
  number: (n: number) => string;
  /** 0.89 as 89 %; never rounds up to all or down to none. */
  percent: (share: number) => string;
  day: (iso: string) => string;
  month: (iso: string) => string;
  monthShort: (iso: string) => string;
  /** Short, for an axis: the year only where needed. */
  monthAxis: (iso: string, first: boolean) => string;
  name: (names: Names) => string;
}

export function speak(lang: Lang): Speech {
  const t = LANGUAGES[lang];
  // Browsers without Azerbaijani fall back to English grouping; German groups as Azerbaijani does.
  const locale = { en: "en-GB", az: "de-DE", ru: "ru-RU" }[lang];
  const number = new Intl.NumberFormat(locale, { useGrouping: "always" });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const nth = (iso: string): number => Number(iso.slice(5, 7)) - 1;
  const short = (iso: string): string => t.monthsShort[nth(iso)] ?? "";
  const year = (iso: string): string => iso.slice(0, 4);
  return {
    lang,
    t,
    number: (n) => number.format(n),
    percent: (share) => (lang === "az" ? percent.format(honest(share)).replace(/\s/g, "") : percent.format(honest(share))),
    day: (iso) => `${Number(iso.slice(8, 10))} ${short(iso)} ${year(iso)}`,
    month: (iso) => `${t.months[nth(iso)] ?? ""} ${year(iso)}`,
    monthShort: (iso) => `${short(iso)} ${year(iso)}`,
    monthAxis: (iso, first) => (first || nth(iso) === 0 ? `${short(iso)} ${year(iso)}` : short(iso)),
    name: (names) => names[lang] ?? names.en ?? names.az ?? Object.values(names)[0] ?? "",
  };
}

/** A share below all must not read as 100 %, one above none not as 0 %. */
function honest(share: number): number {
  if (share >= 1 || share <= 0) return share;
  return Math.min(0.99, Math.max(0.01, share));
}
