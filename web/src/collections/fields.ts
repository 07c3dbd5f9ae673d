/** The types of the generated field tables. */

export interface Titles {
  en: string;
  az: string;
  ru: string;
}

export interface FieldSpec {
  name: string;
  kind: "text" | "word" | "number" | "day" | "other";
  role: "place" | "required" | "given" | "derived" | "sent";
  titles: Titles;
}

/** The titles of the words of each vocabulary. */
export type WordTitles = Readonly<Record<string, Readonly<Record<string, Titles>>>>;

/** Repeated groups by the name of their field. */
export type Groups = Readonly<Record<string, { fields: readonly FieldSpec[]; titles: WordTitles }>>;
