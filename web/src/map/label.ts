/** The label of a district: its name and count in the reader's language. */

import { countText, counted } from "../panel/figures.ts";
import type { Region } from "../shared/api/types.ts";
import { page } from "../state/page.svelte.ts";

export function districtLabel({ names, recorded }: Region): { name: string; quantity: number; count: string } {
  const { speech, measure, filters } = page;
  return { name: speech.name(names), quantity: counted(measure, filters.status, recorded), count: countText(speech, measure, filters.status, recorded) };
}
