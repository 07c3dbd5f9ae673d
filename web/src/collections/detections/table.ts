/** The field table of detections. */

import type { Table } from "../values.ts";
import { FIELDS, WORD_TITLES } from "./fields.ts";

export const TABLE: Table = { fields: FIELDS, titles: WORD_TITLES, groups: {} };
