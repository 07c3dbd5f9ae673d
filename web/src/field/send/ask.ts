/** A request with a timeout: no response in time, or a broken one, counts as an unreachable server. */

import { timed } from "../clock.ts";

export class NoWay extends Error {}

/** The timeout for a short response over the slowest network worth waiting for. */
const SHORT_MS = 45_000;

export async function ask(url: string, init: RequestInit = {}, limit_ms = SHORT_MS): Promise<Response> {
  try {
    return timed(Date.now(), await fetch(url, { cache: "no-store", credentials: "same-origin", ...init, signal: AbortSignal.timeout(limit_ms) }));
  } catch (error) {
    throw new NoWay(`no way to ${url}`, { cause: error });
  }
}

/** The JSON of a response; null if it is not JSON. */
export async function json(response: Response): Promise<unknown> {
  const text = await response.text().catch((error: unknown) => {
    throw new NoWay("the answer broke off", { cause: error });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
