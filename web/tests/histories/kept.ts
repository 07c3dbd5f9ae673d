/** Histories that failed once, reduced. */

import type { History } from "./actions.ts";

export const KEPT: Readonly<Record<string, History>> = {};
