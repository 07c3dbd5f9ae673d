/** The field page's texts, in addition to the map page's: kinds, days, numbers, sign-in. */

import { speak, type Lang, type Speech } from "../../shared/text/index.ts";
import { az } from "./az.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import type { FieldTexts } from "./texts.ts";

const FIELD: Record<Lang, FieldTexts> = { en, az, ru };

export interface FieldSpeech extends Speech {
  f: FieldTexts;
  /** A local date and time, such as 23 Nov 2026, 14:05. */
  moment: (iso: string) => string;
  /** A length such as 340 m or 7.2 km. */
  metres: (m: number) => string;
  /** A distance from the phone. */
  distance: (m: number) => string;
}

export function speakField(lang: Lang): FieldSpeech {
  const speech = speak(lang);
  const two = (n: number): string => String(n).padStart(2, "0");
  const moment = (iso: string): string => {
    const at = new Date(iso);
    const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    return `${speech.day(day)}, ${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  const f = FIELD[lang];
  const isFar = (m: number): boolean => m >= 1000;
  const km = (m: number): string => speech.number(Math.round(m / 100) / 10);
  const m = (length: number): string => speech.number(Math.round(length));
  const metres = (length: number): string => (isFar(length) ? f.kilometres(km(length)) : f.metres(m(length)));
  const distance = (length: number): string => (isFar(length) ? f.kilometresAway(km(length)) : f.metresAway(m(length)));
  return { ...speech, f, moment, metres, distance };
}
