/** The signed-in user. The session cookie belongs to the server and the browser; nothing of it is stored here. */

import * as api from "../shared/api/access.ts";
import type { Collection } from "../shared/api/types.ts";

class Session {
  me = $state.raw<api.Me | null>(null);
  /** What waits for review in each collection; null if unknown or not requested. */
  waiting = $state.raw<Readonly<Record<Collection, api.Counts>> | null>(null);
  /** The number of refused uploads, of all collections. */
  refused = $state<number | null>(null);

  readonly role: api.Role = $derived(this.me?.role ?? "public");
  readonly signedIn = $derived(this.me?.signed_in === true);
  readonly reviews = $derived(this.role === "manager" || this.role === "admin");
  readonly administers = $derived(this.role === "admin");
  /** The number of records and uploads to review; null if unknown. */
  readonly toReview = $derived(this.waiting === null ? null : Object.values(this.waiting).reduce((sum, counts) => sum + api.forManagers(counts), this.refused ?? 0));
  /** This reader sees single records at their places. */
  readonly seesRecords = $derived(this.role !== "public" || this.me?.public.sees === "exact");
  /** This reader sees uncleared items only as counts in cells. */
  readonly coarse = $derived(this.me !== null && this.role === "public" && this.me.public.sees === "cells");
  /** For cells with fewer uncleared records, this reader sees only the district. */
  readonly fewest = $derived(this.me?.public.fewest ?? 0);
  /** This reader sees nothing without signing in. */
  readonly closed = $derived(this.me !== null && this.role === "public" && this.me.public.sees === "nothing");

  async read(): Promise<void> {
    try {
      this.me = await api.me();
      if (!this.reviews) return;
      this.waiting = await api.waiting();
      this.refused = this.waiting.detections.refused;
    } catch {
      // The panel reports a lost connection; without a response the page is that of the public.
    }
  }

  /** Keeps the newest counts of a collection. */
  count(collection: Collection, counts: api.Counts): void {
    if (this.waiting !== null) this.waiting = { ...this.waiting, [collection]: counts };
    this.refused = counts.refused;
  }

  /** Signs in and reloads: the present data was loaded for another user. */
  async signIn(token: string): Promise<void> {
    await api.signIn(token);
    location.reload();
  }

  async signOut(): Promise<void> {
    await api.signOut();
    location.reload();
  }
}

export const session = new Session();
