/** The invariants once nothing is in progress. */

import type { RecordFeature } from "../../src/field/record.ts";
import type { Entry } from "../../src/field/store/db.ts";
import type { Answered } from "./network.ts";
import type { Page } from "./phone.ts";
import { ITEMS, type World } from "./run.ts";
import type { Item, Manager, Revision } from "./server.ts";

/** All violations, as text. */
export async function faultsOf({ phones, manager, records }: World): Promise<string[]> {
  const faults: string[] = [];
  const answers = phones.flatMap(({ network }) => network.answers);
  const names = new Set(phones.map(({ by }) => by.name));
  const histories = new Map<string, Revision[]>();
  for (const id of records) histories.set(id, await manager.history(id));
  faults.push(...countedTwice(histories), ...takenOnce(answers, histories, names), ...phones.flatMap(({ network }) => doneOnce(network.answers)));
  for (const [n, { page }] of phones.entries()) {
    const entries = await page.entries();
    const shown = await shownUntruly(page, entries, histories);
    faults.push(...[...stuck(entries), ...shown, ...(await untrue(entries, manager, histories))].map((fault) => `phone ${n}: ${fault}`));
  }
  return faults;
}

/** Each content is accepted once, however often it arrived, and no accepted content is lost. */
function takenOnce(answers: readonly Answered[], histories: ReadonlyMap<string, readonly Revision[]>, names: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  for (const [id, revisions] of histories) {
    const ofRecord = answers.filter(({ record }) => record === id);
    const written = new Map(ofRecord.filter(({ report }) => (report.created ?? 0) + (report.updated ?? 0) > 0).map(({ key, report }) => [key, report.revision]));
    const there = revisions.filter(({ by }) => names.has(by)).map(({ revision }) => revision);
    for (const [key, revision] of written) if (revision === undefined || !there.includes(revision)) faults.push(`${id}: what was sent as ${key} became revision ${revision ?? "?"}, which is not there`);
    if (there.length > written.size) faults.push(`${id}: ${there.length} revisions of ${written.size} contents`);
    for (const key of new Set(ofRecord.map((each) => each.key))) {
      const told = new Set(ofRecord.filter((each) => each.key === key && each.status === 200).map(({ report }) => report.upload));
      if (told.size > 1) faults.push(`${id}: ${key} was taken ${told.size} times`);
    }
  }
  return faults;
}

/** A phone's statement is written once or held once, whatever its key was when it was sent. */
function doneOnce(answers: readonly Answered[]): string[] {
  const done = answers.filter(({ report: { created = 0, updated = 0, held = 0 } }) => created + updated + held > 0);
  return [...new Set(done.map(({ body }) => body))].flatMap((body) => {
    const uploads = new Set(done.filter((each) => each.body === body).map(({ report }) => report.upload));
    return uploads.size > 1 ? [`taken ${uploads.size} times: ${body}`] : [];
  });
}

/** On a good network the only entries waiting are those after one that needs correction, and a part whose first record is not accepted. */
function stuck(entries: readonly Entry[]): string[] {
  const byKey = new Map(entries.map((each) => [each.key, each]));
  const isTaken = (key: string): boolean => byKey.get(key)?.state === "sent" || byKey.get(key)?.state === "returned";
  const waits = ({ state, after, part_of }: Entry): boolean => {
    if (state !== "waiting" || (part_of !== undefined && !isTaken(part_of))) return false;
    const before = after === null ? undefined : byKey.get(after);
    return before === undefined || (before.state !== "refused" && !waits(before) && before.state !== "waiting");
  };
  const due = entries.flatMap(({ key, photos_due = [] }) => photos_due.map((hash) => `the photo ${hash} of ${key} waits`));
  return [...entries.filter(waits).map(({ key, what }) => `${key} (${what}) waits`), ...due];
}

/** A phone's view of a record that it has an entry for must match the server. */
async function shownUntruly(page: Page, entries: readonly Entry[], histories: ReadonlyMap<string, readonly Revision[]>): Promise<string[]> {
  const all = await page.shownRecords(entries);
  return [...new Set(entries.map(({ record }) => record))].flatMap((id) => {
    const [shown, newest] = [all.get(id), histories.get(id)?.[0]];
    if (shown === undefined) return [`${id} is not shown`];
    const word = page.wordOf(shown);
    if (newest === undefined) return word === "here" || word === "aside" ? [] : [`${id} is shown as ${word}, and the server never had it`];
    const there = newest.feature;
    if (there == null) return word === "deleted" ? [] : [`${id} is shown as ${word}, and it is deleted`];
    const held = there.properties.review === "rejected" ? "rejected" : there.properties.status;
    if (word !== held) return [`${id} is shown as ${word}, and the server holds it as ${held}`];
    const { feature } = shown;
    const isSame = String(feature.geometry.coordinates) === String(there.geometry.coordinates) && feature.properties.quantity === there.properties.quantity;
    return isSame ? [] : [`${id} is shown with another place or quantity than the server holds`];
  });
}

/** The items of a record and of its separated parts never exceed the number found. */
function countedTwice(histories: ReadonlyMap<string, readonly Revision[]>): string[] {
  const items = new Map<string, number>();
  const newest = (id: string): RecordFeature | undefined => histories.get(id)?.[0]?.feature ?? undefined;
  const firstOf = (id: string): string => {
    const of = histories.get(id)?.at(-1)?.feature?.properties.part_of;
    return typeof of === "string" ? firstOf(of) : id;
  };
  for (const id of histories.keys()) items.set(firstOf(id), (items.get(firstOf(id)) ?? 0) + (newest(id)?.properties.quantity ?? 0));
  return [...items].filter(([, n]) => n > ITEMS).map(([id, n]) => `${id} and its parts count ${n} items of ${ITEMS}`);
}

/** Differences between the phone's entries and the server. */
export async function untrue(entries: readonly Entry[], manager: Manager, histories: ReadonlyMap<string, readonly Revision[]>): Promise<string[]> {
  const faults: string[] = [];
  for (const record of new Set(entries.map((each) => each.record))) {
    const list = entries.filter((each) => each.record === record);
    const revisions = histories.get(record) ?? [];
    const item = await manager.item(record);
    for (const entry of list) faults.push(...ofEntry(entry, revisions));
    const newest = list.at(-1);
    if (newest !== undefined) faults.push(...ofNewest(newest, item));
  }
  return faults;
}

/** The state of each entry. */
function ofEntry({ key, state, revision, decided, n_unanswered }: Entry, revisions: readonly Revision[]): string[] {
  const isThere = revisions.some((each) => each.revision === revision);
  const answered = state !== "waiting" && n_unanswered > 0 ? [`${key} is ${state} and still counts as unanswered`] : [];
  return (state === "sent" || state === "returned" || (state === "rejected" && decided !== "dismissed" && decided !== "withdrawn")) && !isThere ? [...answered, `${key} is ${state} as revision ${revision ?? "?"}, which is not there`] : answered;
}

/** The newest entry's view of its record. */
function ofNewest({ key, state }: Entry, item: Item): string[] {
  return state === "returned" && item?.properties.review !== "has_issues" ? [`${key} is to be mended, and the server says ${item?.properties.review ?? "that it is gone"}`] : [];
}
