/** Which accidents this reader sees now, and whether they have changed. */

import { Live } from "../../state/live.ts";
import { page } from "../../state/page.svelte.ts";
import { session } from "../../state/session.svelte.ts";
import { wholeMonths, type Days } from "./days.ts";

const EVENTS = "?collection=accidents";

class Shown {
  /** Counts the changes while the page was open. */
  changes = $state(0);
  readonly days: Days = $derived({ from: page.filters.from, to: page.shownAsOf ?? page.filters.to });
  /** This reader knows counts of whole months only. */
  readonly inMonths = $derived(session.role === "public");
  readonly countedDays: Days = $derived(this.inMonths ? wholeMonths(this.days) : this.days);
  /** The days of the accidents on the map; null if the reader hides them or may not see them. */
  readonly onMap: Days | null = $derived(page.accidents && session.seesRecords ? this.days : null);

  /** Only readers of records follow the changes: a browser keeps few streams open. */
  start(): void {
    if (!session.seesRecords) return;
    const changed = (): void => void (this.changes += 1);
    new Live({ changed, connected: (_, again) => { if (again) changed(); }, narrowed: () => undefined }, EVENTS, EVENTS);
  }
}

export const shown = new Shown();
