/** Accidents in the review. */

import type { Reviewed } from "../reviewed.ts";
import { valueText } from "../values.ts";
import { peopleText } from "./outcome.ts";
import { TABLE } from "./table.ts";

export const accidents: Reviewed = {
  table: TABLE,
  name: ({ accidents: t }) => t.heading,
  texts: ({ accidents: t }) => t.review,
  title: (speech, feature) => valueText(speech, TABLE, feature, "class"),
  facts: (speech, feature) => [valueText(speech, TABLE, feature, "occurred_on"), peopleText(speech, feature.properties)],
  near: ["class", "occurred_on"],
};
