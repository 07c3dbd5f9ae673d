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
  /** The districts' names by their ids, as far as they were ever heard here. */
  districts = $state.raw<ReadonlyMap<string, Names>>(new Map());
  read = $state(false);

  #reading: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  /** Reads them anew: one time after the other, and once for all who ask meanwhile. */
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
  /** Metres from where the phone is; null: not known. */
  away_m: number | null;
}

/** Own records and those that still lie in the ground; the nearest first when it is known where the phone is, else the newest. */
export function listed(all: Iterable<Shown>, here: LonLat | null): Listed[] {
  const list = [...all].map((each) => ({ ...each, away_m: here === null ? null : metresBetween(here, each.feature.geometry.coordinates) }));
  const newest = (a: Listed, b: Listed): number => b.feature.properties.detected_on.localeCompare(a.feature.properties.detected_on);
  return list.sort((a, b) => (a.away_m === null || b.away_m === null ? newest(a, b) : a.away_m - b.away_m));
}

/** Those of a list in which all the words are found. */
export function found(list: readonly Listed[], words: string): readonly Listed[] {
  const isFound = finder(words, records.districts);
  return isFound === null ? list : list.filter(({ feature }) => isFound(feature));
}
