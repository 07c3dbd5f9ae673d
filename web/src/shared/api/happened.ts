/**
 * Figures of a period in the shape of figures of a state, so that one panel shows both: found takes the place of detected.
 * The page knows which it shows (`page.inPeriod`), labels them accordingly, and computes no share of events. Pure.
 */

import type { Events, EventsDetail, EventsOverview, Overview, Recorded, Region, RegionDetail } from "./types.ts";

/** One item can be in both counts: at least the larger count of records exists. */
function recorded({ found, neutralised }: Events): Recorded {
  const most = found.quantity > neutralised.quantity ? found : neutralised;
  return { records: Math.max(found.records, neutralised.records), quantity: most.quantity, detected: found, neutralised };
}

function region({ events, ...place }: EventsOverview["regions"][number]): Region {
  return { ...place, recorded: recorded(events), first: null, latest: null };
}

export function overviewOf(answer: Overview | EventsOverview): Overview {
  if (!("events" in answer)) return answer;
  const { regions, outside, total, revision, demonstration } = answer;
  return { revision, demonstration, updated: null, regions: regions.map(region), outside: recorded(outside), total: recorded(total) };
}

export function detailOf(answer: RegionDetail | EventsDetail): RegionDetail {
  if (!("events" in answer)) return answer;
  const { revision, ancestors, reported } = answer;
  return {
    revision,
    ancestors,
    reported,
    region: region(answer.region),
    children: answer.children.map(region),
    kinds: answer.kinds.map(({ kind, found, neutralised }) => ({ kind, detected: found, neutralised })),
    months: answer.months.map(({ month, found, neutralised }) => ({ month, detected: found, neutralised })),
  };
}
