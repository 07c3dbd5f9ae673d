/** The state of the field page: the signed-in user, the queue and the current screen. */

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
  /** Newest first. */
  entries = $state.raw<readonly Entry[]>([]);
  /** Unseen changes by others, by record. */
  news = $state.raw<ReadonlyMap<string, News>>(new Map());
  /** The user as last reported by the server; null if nobody is signed in. */
  me = $state.raw<access.Me | null>(null);
  pass = $state.raw<Pass | "sending" | null>(null);
  online = $state(navigator.onLine);
  draft = $state<Draft>(emptyDraft());
  /** The district boundaries; empty until first fetched. */
  districts = $state.raw<readonly District[]>([]);
  /** The stored data has been read. */
  started = $state(false);
  /** Records can be saved here. */
  keeps = $state(true);
  /** They cannot, because the phone is full. */
  full = $state(false);

  readonly waiting = $derived(this.entries.filter(({ state }) => state === "waiting").length);
  /** Photos that are sent after their records. */
  readonly photosDue = $derived(new Set(this.entries.flatMap(({ photos_due = [] }) => photos_due)).size);
  readonly toMend = $derived(this.entries.filter(({ state, decided }) => ["refused", "returned", "rejected"].includes(state) && decided !== "withdrawn").length);
  /** The server reported that nobody is signed in, or that the session has ended. */
  readonly mustSignIn = $derived(this.pass !== null && this.pass !== "sending" && this.pass.end === "sign-in");

  /** The unfinished form that was set aside for a correction. */
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

  /** None of this is possible on a full phone; everything else is. */
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

  /** Like `go`, but Back does not return here, because the form is empty by then. */
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

  /** Starts a new detection or the correction of one. An unfinished detection is resumed after the correction. */
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

  /** Stores the form, so that a half-filled form survives a killed tab. */
  async keepDraft(): Promise<void> {
    // On a full phone the form stays in memory only; saving reports the error.
    await keepNote("draft", $state.snapshot(this.draft)).catch(() => undefined);
  }

  /**
   * Saves the form and resolves once it is on disk: false if the entry was sent before it could be corrected.
   *
   * # Errors
   * `NoRoom` if the storage is full; the form is unchanged.
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

  /** Sends now, and asks the browser to send later if the page is closed. */
  send(): void {
    this.#sender.now();
    void installation.sendLater();
  }

  /** Fetches a record's current state; without network the last known state remains. */
  async ask(record: string): Promise<void> {
    await readTruth([record]).catch(() => undefined);
  }

  /** Withdraws an entry that waits for a manager; needs network. Returns false if it failed or a manager decided first. */
  async withdraw(key: string): Promise<boolean> {
    return withdraw(key).catch(() => false);
  }

  /** Marks the changes shown so far in these records as seen. */
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
    // Keep unchanged objects, so nothing is redrawn for them.
    const same = (each: Entry): Entry => {
      const before = known.get(each.key);
      return before !== undefined && JSON.stringify(before) === JSON.stringify(each) ? before : each;
    };
    const all = await entries();
    this.news = await readNews(all);
    this.entries = all.reverse().map(same);
  }

  /** Data the server provides besides its responses: the time and the district boundaries. */
  async #learn(): Promise<void> {
    if (latestHeard() > 0) await keepNote("server_time", latestHeard()).catch(() => undefined);
    this.districts = await renewedDistricts();
  }

  async #readMe(): Promise<void> {
    this.me = (await note("me")) ?? null;
  }
}

export const field = new Field();
