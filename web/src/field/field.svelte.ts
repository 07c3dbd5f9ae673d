/** What the field page knows at the moment: who is asking, what waits, which screen is shown. */

import * as access from "../shared/api/access.ts";
import { chooseLang, isLang, type Lang } from "../shared/text/index.ts";
import { latestHeard, remember } from "./clock.ts";
import { emptyDraft, featureOf, isBegun, isNew, revived, type Draft } from "./draft.ts";
import type { District } from "./position/district.ts";
import { readRoute, writeRoute, type Route, type Screen } from "./route.ts";
import type { Pass } from "./send/send.ts";
import { readTruth, withdraw } from "./send/truth.ts";
import { Sender } from "./send/when.ts";
import type { News } from "./news.ts";
import { NoRoom, database, type Entry } from "./store/db.ts";
import { keptDistricts, renewedDistricts } from "./store/districts.ts";
import { keepNote, note } from "./store/notes.ts";
import { thinPhotos } from "./store/photos.ts";
import { look, readNews, tidyTruths } from "./store/truths.ts";
import { entries, keepChange, keepDetection, mend, onQueueChange, tidyQueue } from "./store/queue.ts";
import { layReserve } from "./store/room.ts";
import { paced } from "./paced.ts";
import { speakField } from "./text/index.ts";
import { authorOf } from "./who.ts";
import { installation } from "./installation.svelte.ts";

class Field {
  lang = $state<Lang>("en");
  readonly speech = $derived(speakField(this.lang));
  route = $state.raw<Route>(readRoute(location.hash));
  /** The newest first. */
  entries = $state.raw<readonly Entry[]>([]);
  /** What others changed and nobody here has looked at, by record. */
  news = $state.raw<ReadonlyMap<string, News>>(new Map());
  /** As the server last said; null: nobody is signed in. */
  me = $state.raw<access.Me | null>(null);
  pass = $state.raw<Pass | "sending" | null>(null);
  online = $state(navigator.onLine);
  draft = $state<Draft>(emptyDraft());
  /** Their boundaries; none before they were fetched for the first time. */
  districts = $state.raw<readonly District[]>([]);
  /** What was kept here is read. */
  started = $state(false);
  /** What is taken here can be kept. */
  keeps = $state(true);
  /** It cannot, since the phone is full. */
  full = $state(false);

  readonly waiting = $derived(this.entries.filter(({ state }) => state === "waiting").length);
  /** Photos that go after their records. */
  readonly photosDue = $derived(new Set(this.entries.flatMap(({ photos_due = [] }) => photos_due)).size);
  readonly toMend = $derived(this.entries.filter(({ state, decided }) => ["refused", "returned", "rejected"].includes(state) && decided !== "withdrawn").length);
  /** The server has said that nobody is signed in, or not any more. */
  readonly mustSignIn = $derived(this.pass !== null && this.pass !== "sending" && this.pass.end === "sign-in");

  /** What was begun when something else was to be mended. */
  #begun: Draft | null = null;

  readonly #sender = new Sender((pass) => {
    this.pass = pass;
    if (pass !== "sending") void this.#readMe();
    if (pass !== "sending") void this.#learn();
  });

  async start(): Promise<void> {
    addEventListener("hashchange", () => (this.route = readRoute(location.hash)));
    for (const event of ["online", "offline"]) addEventListener(event, () => (this.online = navigator.onLine));
    this.lang = chooseLang((await note("lang")) ?? null, navigator.languages);
    remember((await note("server_time")) ?? 0);
    this.draft = revived((await note("draft")) ?? emptyDraft());
    const begun = (await note("begun")) ?? null;
    this.#begun = begun && revived(begun);
    this.districts = await keptDistricts();
    this.started = true;
    onQueueChange(paced(() => this.#readQueue()));
    await this.#readQueue();
    await this.#readMe();
    await this.#tidy();
    this.#sender.start();
  }

  /** On a phone that is full nothing of this can be done, and all the rest can. */
  async #tidy(): Promise<void> {
    try {
      await tidyQueue();
      await tidyTruths();
      await thinPhotos();
      await layReserve(await database());
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error;
    }
  }

  go(screen: Screen, id = ""): void {
    location.hash = writeRoute({ screen, id });
    scrollTo(0, 0);
  }

  /** As `go`, and Back does not come back here: the form is empty by then. */
  leaveFor(screen: Screen): void {
    location.replace(writeRoute({ screen, id: "" }));
    scrollTo(0, 0);
  }

  back(): void {
    if (history.length > 1) history.back();
    else this.go("take");
  }

  speak(lang: string): void {
    if (!isLang(lang)) return;
    this.lang = lang;
    void keepNote("lang", lang);
  }

  /** Begins to take a new detection, or to mend one. A detection that was begun is gone on with after what is mended. */
  begin(draft: Draft = emptyDraft(), step: "where" | "keep" = "where"): void {
    const isMended = draft.position !== null;
    if (isMended && isNew(this.draft) && isBegun(this.draft)) this.#putOff($state.snapshot(this.draft));
    this.draft = draft;
    this.go(step);
  }

  #putOff(draft: Draft | null): void {
    this.#begun = draft;
    void keepNote("begun", draft).catch(() => undefined);
  }

  /** So that a form that is half filled is there again after the tab was killed. */
  async keepDraft(): Promise<void> {
    // On a full phone it stays in the form alone; saving says so.
    await keepNote("draft", $state.snapshot(this.draft)).catch(() => undefined);
  }

  /**
   * Keeps what is in the form. Answers once it is on the disk: false when an entry was sent before it could be mended.
   *
   * # Errors
   * `NoRoom` when the storage is full; the form stays as it is.
   */
  async keep(): Promise<boolean> {
    const draft = $state.snapshot(this.draft);
    const feature = featureOf(draft);
    if (feature === null) return false;
    const by = authorOf(this.me);
    if (draft.key !== null) {
      if (!(await mend(draft.key, feature, draft.seen))) return false;
    } else if (draft.seen !== null || this.entries.some(({ record }) => record === draft.record)) {
      await keepChange(feature, "correction", draft.seen, by);
    } else await keepDetection(feature, by);
    await this.#readQueue();
    this.draft = this.#begun ?? emptyDraft();
    this.#putOff(null);
    await this.keepDraft();
    this.send();
    return true;
  }

  /** Sends now, and asks the browser to do it later should the page be gone. */
  send(): void {
    this.#sender.now();
    void installation.sendLater();
  }

  /** Asks the server how a record stands; without network it stands as it was last known. */
  async ask(record: string): Promise<void> {
    await readTruth([record]).catch(() => undefined);
  }

  /** Takes back what waits for a manager, with network. Answers false when that did not work, or a manager was first. */
  async withdraw(key: string): Promise<boolean> {
    return withdraw(key).catch(() => false);
  }

  /** Somebody has seen what others changed in these records, as far as it was shown by now. */
  async look(records: readonly string[]): Promise<void> {
    const told = records.filter((record) => this.news.has(record));
    if (told.length > 0) await look(told).catch(() => undefined);
  }

  /** # Errors As `access.signIn`. */
  async signIn(token: string): Promise<void> {
    await access.signIn(token);
    this.send();
  }

  async signOut(): Promise<void> {
    await access.signOut();
    this.me = null;
    await keepNote("me", null);
    this.pass = { end: "sign-in", left: this.waiting, photos: this.photosDue, seconds: null, progress: false };
  }

  async #readQueue(): Promise<void> {
    const known = new Map(this.entries.map((each) => [each.key, each]));
    // What is as it was stays the same object, so that nothing of it is drawn anew.
    const same = (each: Entry): Entry => {
      const before = known.get(each.key);
      return before !== undefined && JSON.stringify(before) === JSON.stringify(each) ? before : each;
    };
    const all = await entries();
    this.news = await readNews(all);
    this.entries = all.reverse().map(same);
  }

  /** What the server says beside its answers: the time, and where the districts end. */
  async #learn(): Promise<void> {
    if (latestHeard() > 0) await keepNote("server_time", latestHeard()).catch(() => undefined);
    this.districts = await renewedDistricts();
  }

  async #readMe(): Promise<void> {
    this.me = (await note("me")) ?? null;
  }
}

export const field = new Field();
