/** The field page's texts, beside those that the map page has already: kinds, days, numbers, signing in. */

import { speak, type Lang, type Speech } from "../../text/index.ts";
import { az } from "./az.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import type { FieldTexts } from "./texts.ts";

const FIELD: Record<Lang, FieldTexts> = { en, az, ru };

export interface FieldSpeech extends Speech {
  f: FieldTexts;
  /** A moment as people of the place write it, such as 23 Nov 2026, 14:05. */
  moment: (iso: string) => string;
}

export function speakField(lang: Lang): FieldSpeech {
  const speech = speak(lang);
  const two = (n: number): string => String(n).padStart(2, "0");
  const moment = (iso: string): string => {
    const at = new Date(iso);
    const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    return `${speech.day(day)}, ${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  return { ...speech, f: FIELD[lang], moment };
}
