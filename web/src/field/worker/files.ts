/** The files of one version of the page in the browser's cache: fetched one by one, counted, and restored if cleared. */

import { fetchPatiently, persistently } from "../send/patient.ts";

/** The page's files, and a name that changes with them. */
export interface PageFiles {
  version: string;
  files: readonly string[];
}

export const PREFIX = "clearline-field-";
export const PAGE = "/field";

/** The number of files fetched at a time. */
const LANES = 3;
const ATTEMPTS = 6;

/** Called for each file with the number of files present and the total. */
export type Told = (have: number, of: number) => void;

export class KeptFiles {
  readonly name: string;
  readonly #known: ReadonlySet<string>;
  readonly #paths: readonly string[];
  #atWork: Promise<void> | null = null;

  constructor({ version, files }: PageFiles) {
    this.name = PREFIX + version;
    this.#known = new Set(files);
    this.#paths = [PAGE, ...files];
  }

  has(path: string): boolean {
    return this.#known.has(path);
  }

  async get(path: string): Promise<Response | undefined> {
    return (await caches.open(this.name)).match(path);
  }

  /** Fetches missing files and continues where an earlier attempt ended. Fails if one is unavailable. */
  complete(told: Told): Promise<void> {
    this.#atWork ??= this.#complete(told).finally(() => (this.#atWork = null));
    return this.#atWork;
  }

  async #complete(told: Told): Promise<void> {
    const cache = await caches.open(this.name);
    const of = this.#paths.length;
    const missing: string[] = [];
    for (const path of this.#paths) if ((await cache.match(path)) === undefined) missing.push(path);
    let have = of - missing.length;
    told(have, of);
    const lane = async (): Promise<void> => {
      for (let path = missing.shift(); path !== undefined; path = missing.shift()) {
        const wanted = path;
        await cache.put(wanted, await persistently(() => this.#fetched(wanted), ATTEMPTS));
        told(++have, of);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async #fetched(path: string): Promise<Response> {
    const response = await fetchPatiently(path, { cache: path.startsWith("/assets/") ? "default" : "reload" });
    if (!response.ok) throw new Error(`${path} returned ${response.status}`);
    // If the server has another version by now, its page does not match these files.
    if (path === PAGE && !this.#isOwn(await response.clone().text())) throw new Error("the page is of another version");
    return response;
  }

  #isOwn(page: string): boolean {
    return [...page.matchAll(/\/assets\/[\w.-]+/g)].every(([asset]) => this.#known.has(asset));
  }
}
