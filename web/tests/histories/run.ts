/** Runs a history, and then waits until nothing is in progress. */

import type { Script } from "node:vm";

import type { Kind } from "../../src/shared/api/types.ts";
import type { RecordFeature } from "../../src/field/record.ts";
import { uuid7 } from "../../src/field/uuid.ts";
import { picture } from "../picture.ts";
import { makeToken, url } from "../server.ts";
import type { Action, History } from "./actions.ts";
import { faultsOf } from "./invariants.ts";
import { Network } from "./network.ts";
import { Phone } from "./phone.ts";
import { Manager, picked } from "./server.ts";

/** The quantity of a record of several items. */
export const ITEMS = 5;

/** The number of passes after which a phone on a good network must have sent everything it can. */
const MOST_PASSES = 6;

export interface World {
  phones: readonly [Phone, Phone];
  manager: Manager;
  /** The accepted records, oldest first, and those split off as parts. */
  records: string[];
}

/** One manager decides on all histories. */
export class Stage {
  readonly #program: Script;
  readonly #manager: Manager;
  #n = 0;

  constructor(program: Script, manager: Manager) {
    this.#program = program;
    this.#manager = manager;
  }

  /** The violations at the end of a history; empty if everything holds. */
  async play(history: History): Promise<string[]> {
    const world = await this.#world(history);
    try {
      for (const action of history.actions) await act(world, action);
      await settle(world);
    } catch (error) {
      return [`the page failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
    }
    return faultsOf(world);
  }

  async #world({ one_team }: History): Promise<World> {
    const team = `Team ${process.pid}-${this.#n++}`;
    const phone = async (name: string, token?: string): Promise<[Phone, string]> => {
      const given = token ?? (await makeToken("field", name, ["AZ-LAC", "AZ-KAL"]));
      return [new Phone(this.#program, new Network(url, given), name), given];
    };
    const [one, token] = await phone(team);
    const [two] = one_team ? await phone(team, token) : await phone(`${team} B`);
    return { phones: [one, two], manager: this.#manager, records: [] };
  }
}

async function act(world: World, action: Action): Promise<void> {
  if (action.do === "deliver") {
    for (const { network } of world.phones) await network.deliver();
  } else if ("phone" in action) await onPhone(world, world.phones[action.phone] ?? world.phones[0], action);
  else await world.manager.act(action, world.records);
}

async function onPhone({ records }: World, phone: Phone, action: Extract<Action, { phone: number }>): Promise<void> {
  const { page, by, network } = phone;
  if (action.do === "take") {
    const made = await detection(phone, records.length, action.photo);
    records.push(made.id);
    await page.keepDetection(made, by);
  } else if (action.do === "learn") await learn(phone, records);
  else if (action.do === "send") {
    network.be(action.faults, action.dies);
    await phone.send();
    network.be([], null);
  } else if (action.do === "mend" || action.do === "discard" || action.do === "withdraw") await settleEntry(phone, action.do, action.pick);
  else await change(phone, action.do, action.pick, records);
}

/** A new record, each at a different place; every fifth where the team may not record. */
async function detection({ page }: Phone, n: number, photo: boolean): Promise<RecordFeature> {
  const kinds: readonly Kind[] = ["ap_mine", "fuze", "uxo"];
  const photos = photo ? [await page.keepPhoto(new Blob([picture(8)], { type: "image/png" }))] : [];
  return {
    type: "Feature",
    id: uuid7(),
    geometry: { type: "Point", coordinates: [n % 5 === 4 ? 47.15 : 46.296, 39.7 + n / 1000] },
    properties: { kind: kinds[n % 3] ?? "uxo", status: "detected", detected_on: "2024-05-01", quantity: n % 4 === 3 ? ITEMS : 1, ...(photos.length > 0 && { photos }) },
  };
}

/** Imitates downloading a district: what the server shows this team of this history's records. */
async function learn({ page, network }: Phone, records: readonly string[]): Promise<void> {
  const db = await page.database();
  for (const id of records) {
    const response = await network.fetch(`/collections/detections/items/${id}`);
    const feature = (await response.json()) as RecordFeature & { properties: { revision: number; review: string } };
    const isListed = response.ok && feature.properties.status === "detected" && feature.properties.review !== "rejected";
    if (isListed) await db.put("known", { id, feature, area: "AZ-LAC" });
    else await db.delete("known", id);
  }
}

/** Corrects, discards or withdraws an entry. */
async function settleEntry({ page, network }: Phone, what: "mend" | "discard" | "withdraw", pick: number): Promise<void> {
  const entries = await page.entries();
  if (what === "mend") {
    const entry = picked(entries.filter(page.isOpen), pick);
    if (entry !== undefined) await page.mend(entry.key, noted(entry.feature, `seen ${pick}`));
  } else if (what === "discard") {
    const entry = picked(entries.filter(page.canDiscard), pick);
    if (entry !== undefined) await page.discard(entry.key);
  } else {
    const entry = picked(entries.filter(({ state }) => state === "held"), pick);
    network.be([], null);
    if (entry !== undefined) await page.withdraw(entry.key);
  }
}

/** Changes a record that the phone shows. */
async function change({ page, by }: Phone, what: "correct" | "neutralise" | "restate" | "part", pick: number, records: string[]): Promise<void> {
  const shown = picked([...(await page.shownRecords(await page.entries())).values()], pick);
  const basis = shown === undefined ? null : page.basisOf(shown);
  if (shown === undefined || basis === null) return;
  const { status, quantity } = basis.properties;
  const isLying = status === "detected";
  if (what === "correct") await page.keepChange(noted(basis, `corrected ${pick}`), "correction", shown.seen, by);
  else if (what === "restate") {
    if (status !== "discounted") await page.keepChange(page.restated(basis, isLying ? "discounted" : "detected", `restated ${pick}`), "correction", shown.seen, by);
  } else if (!isLying) return;
  else if (what === "neutralise") await page.keepNeutralised(basis, dayOf(pick), "burned", shown.seen, by);
  else if (quantity > 1) {
    const made = page.parted(basis, { quantity: 1 + Math.floor(pick * (quantity - 1)), on: dayOf(pick), disposal: "burned", id: uuid7(), note: `a part ${pick}`, reason: `parted ${pick}` });
    records.push(made.part.id);
    await page.keepPart(made, shown.seen, by);
  }
}

function noted(feature: RecordFeature, note: string): RecordFeature {
  return { ...feature, properties: { ...feature.properties, note } };
}

/** One of many days, so that no two actions are alike. */
function dayOf(pick: number): string {
  return new Date(Date.parse("2024-06-01") + Math.floor(pick * 800) * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/** The networks are good again, everything arrives, and both phones are up to date. */
async function settle({ phones }: World): Promise<void> {
  for (const { network } of phones) {
    network.be([], null);
    await network.deliver();
  }
  for (const { page } of phones) {
    for (let n = 0; n < MOST_PASSES; n++) {
      const { left, photos } = await page.sendAll();
      if (left + photos === 0) break;
    }
  }
  for (const { page } of phones) await page.sendAll();
}
