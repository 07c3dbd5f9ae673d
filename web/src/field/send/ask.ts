/** A request that ends: without an answer in time, it counts as no way to the server. */

export class NoWay extends Error {}

/** For the answer to one record or one part of a photo, over the slowest network that is worth waiting for. */
const LONGEST_MS = 120_000;

export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, { cache: "no-store", credentials: "same-origin", ...init, signal: AbortSignal.timeout(LONGEST_MS) });
  } catch (error) {
    throw new NoWay(`no way to ${url}`, { cause: error });
  }
}

/** The JSON of an answer; null when it is none. */
export async function json(response: Response): Promise<unknown> {
  return response.json().catch(() => null) as Promise<unknown>;
}
