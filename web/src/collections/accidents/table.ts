/** The field table of accidents. */

import type { Table } from "../values.ts";
import { FIELDS, GROUPS, WORD_TITLES } from "./fields.ts";

export const TABLE: Table = { fields: FIELDS, titles: WORD_TITLES, groups: GROUPS };
