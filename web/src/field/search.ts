/** Finds records by their text, in any of the page's languages and any spelling. Pure. */

import { FIELDS } from "../collections/detections/fields.ts";
import type { Names } from "../shared/api/types.ts";
import { fold } from "../shared/text/fold.ts";
import { LANGUAGES } from "../shared/text/index.ts";
import { said, type RecordFeature } from "./record.ts";

/** The searched properties besides kind, district and id: every text, and the record that a find was part of. */
const TEXTS = [...FIELDS.filter(({ kind, role }) => kind === "text" && role === "given").map(({ name }) => name), "part_of"];

/** A record's folded text, cached per record, because the list is filtered on every keystroke. */
const folded = new WeakMap<RecordFeature, string>();

/** Returns a test for records that match all the words; null if there are no words. */
export function finder(words: string, districts: ReadonlyMap<string, Names>): ((feature: RecordFeature) => boolean) | null {
  const wanted = fold(words).split(" ").filter((word) => word !== "");
  if (wanted.length === 0) return null;
  return (feature) => {
    const all = folded.get(feature) ?? foldOf(feature, districts);
    folded.set(feature, all);
    return wanted.every((word) => all.includes(word));
  };
}

function foldOf(feature: RecordFeature, districts: ReadonlyMap<string, Names>): string {
  const { id, properties } = feature;
  const kinds = Object.values(LANGUAGES).map((texts) => texts.kinds[properties.kind]);
  const place = said(properties, "region");
  const names = Object.values(districts.get(place) ?? {});
  const rest = TEXTS.map((name) => said(properties, name));
  // Fold an id as a whole without its hyphens, which would become spaces.
  return fold([...kinds, place, ...names, ...rest, id, id.replaceAll("-", "")].join(" "));
}
