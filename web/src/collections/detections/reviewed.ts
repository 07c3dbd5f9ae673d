/** Detections in the review. */

import { valueOf, valueText } from "../values.ts";
import type { Reviewed } from "../reviewed.ts";
import { TABLE } from "./table.ts";

export const detections: Reviewed = {
  table: TABLE,
  name: ({ access }) => access.detections,
  texts: ({ access }) => access,
  title: (speech, feature) => {
    const kind = valueText(speech, TABLE, feature, "kind");
    const quantity = valueOf(feature, "quantity");
    return typeof quantity === "number" && quantity > 1 ? `${kind} × ${speech.number(quantity)}` : kind;
  },
  facts: (speech, feature) => [valueText(speech, TABLE, feature, "detected_on")],
  near: ["detected_on"],
};
