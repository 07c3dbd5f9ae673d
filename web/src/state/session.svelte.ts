/** The signed-in user. The session cookie belongs to the server and the browser; nothing of it is stored here. */

import * as api from "../shared/api/access.ts";

class Session {
  me = $state.raw<api.Me | null>(null);
  /** The number of records to review; null if unknown or not requested. */
  waiting = $state<number | null>(null);

  readonly role: api.Role = $derived(this.me?.role ?? "public");
  readonly signedIn = $derived(this.me?.signed_in === true);
  readonly reviews = $derived(this.role === "manager" || this.role === "admin");
  readonly administers = $derived(this.role === "admin");
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
      const { waiting } = await api.queue({ state: "submitted", region: null, after: 0, limit: 1 });
      this.waiting = api.forManagers(waiting);
    } catch {
      // The panel reports a lost connection; without a response the page is that of the public.
    }
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
