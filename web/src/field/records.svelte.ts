/** The records on the phone, as the screens show them. */

import type { LonLat, Names } from "../shared/api/types.ts";
import { metresBetween } from "./position/bearing.ts";
import { finder } from "./search.ts";
import type { Shown } from "./shown.ts";
import { packages, shownRecords } from "./store/areas.ts";
import type { AreaPackage } from "./store/db.ts";
import { note } from "./store/notes.ts";
import { field } from "./field.svelte.ts";

class Records {
  all = $state.raw<ReadonlyMap<string, Shown>>(new Map());
  packages = $state.raw<readonly AreaPackage[]>([]);
  /** The district names by id, as far as known on this phone. */
  districts = $state.raw<ReadonlyMap<string, Names>>(new Map());
  read = $state(false);

  #reading: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  /** Rereads the records: one run at a time, shared by all callers that wait meanwhile. */
  refresh(): Promise<void> {
    if (this.#reading !== null) {
      this.#next ??= this.#reading.then(() => {
        this.#next = null;
        return this.refresh();
      });
      return this.#next;
    }
    this.#reading = this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  async #read(): Promise<void> {
    this.all = await shownRecords(field.entries);
    this.packages = await packages();
    await this.readDistricts();
    this.read = true;
  }

  async readDistricts(): Promise<void> {
    this.districts = new Map(((await note("areas")) ?? []).map(({ id, names }) => [id, names]));
  }
}

export const records = new Records();

export interface Listed extends Shown {
  /** The distance from the phone in metres; null if unknown. */
  away_m: number | null;
}

/** Own records and uncleared ones; nearest first if the phone's position is known, otherwise newest first. */
export function listed(all: Iterable<Shown>, here: LonLat | null): Listed[] {
  const list = [...all].map((each) => ({ ...each, away_m: here === null ? null : metresBetween(here, each.feature.geometry.coordinates) }));
  const newest = (a: Listed, b: Listed): number => b.feature.properties.detected_on.localeCompare(a.feature.properties.detected_on);
  return list.sort((a, b) => (a.away_m === null || b.away_m === null ? newest(a, b) : a.away_m - b.away_m));
}

/** The records of a list that match all the words. */
export function found(list: readonly Listed[], words: string): readonly Listed[] {
  const isFound = finder(words, records.districts);
  return isFound === null ? list : list.filter(({ feature }) => isFound(feature));
}
