/** What the review shows of the records of each collection. */

import type { Near } from "../shared/api/access.ts";
import type { Collection } from "../shared/api/types.ts";
import type { ReviewTexts } from "../shared/text/access/texts.ts";
import type { Speech } from "../shared/text/index.ts";
import { accidents } from "./accidents/reviewed.ts";
import { detections } from "./detections/reviewed.ts";
import type { RecordFeature, Table } from "./values.ts";

export interface Reviewed {
  table: Table;
  name: (t: Speech["t"]) => string;
  texts: (t: Speech["t"]) => ReviewTexts;
  /** A record's heading. */
  title: (speech: Speech, feature: RecordFeature) => string;
  /** What the list says below the heading. */
  facts: (speech: Speech, feature: RecordFeature) => string[];
  /** The fields of a possible duplicate. */
  near: readonly (keyof Near)[];
}

export const REVIEWED: Readonly<Record<Collection, Reviewed>> = { detections, accidents };
