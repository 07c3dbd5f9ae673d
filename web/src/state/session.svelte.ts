/** Who is signed in. The cookie is the server's and the browser's; nothing of it is kept here. */

import * as api from "../shared/api/access.ts";

class Session {
  me = $state.raw<api.Me | null>(null);
  /** Records that wait for who reviews; null: not known, or not asked for. */
  waiting = $state<number | null>(null);

  readonly role: api.Role = $derived(this.me?.role ?? "public");
  readonly signedIn = $derived(this.me?.signed_in === true);
  readonly reviews = $derived(this.role === "manager" || this.role === "admin");
  readonly administers = $derived(this.role === "admin");
  /** Uncleared items are shown to this reader as counts in cells only. */
  readonly coarse = $derived(this.me !== null && this.role === "public" && this.me.public.sees === "cells");
  /** Of cells with fewer uncleared records this reader is told only the district. */
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
      // The panel tells of a lost connection; without an answer the page is as for the public.
    }
  }

  /** Signs in and begins anew: all that was read before was read as another. */
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
