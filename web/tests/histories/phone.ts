/** A phone: the page's own program in an isolated world, with a disk that outlives it and a clock that does not wait. */

import { webcrypto } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createContext, Script, type Context } from "node:vm";

import * as idb from "fake-indexeddb";
import { build, type Rolldown } from "vite";

import { Network, PhoneDied } from "./network.ts";

export type Page = typeof import("./page.ts");

/** The page's program as one script. */
export async function program(): Promise<Script> {
  const input = fileURLToPath(new URL("page.ts", import.meta.url));
  const made = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: { write: false, minify: false, target: "es2022", rolldownOptions: { input, preserveEntrySignatures: "strict", output: { format: "iife", name: "page" } } },
  });
  const [output] = (Array.isArray(made) ? made : [made]) as Rolldown.RolldownOutput[];
  const [chunk] = output?.output ?? [];
  if (chunk?.type !== "chunk") throw new Error("the page's program was not built");
  return new Script(`${chunk.code}; page`, { filename: "page.js" });
}

/** Days pass in it without waiting. */
class Clock {
  now = Date.parse("2026-11-02T06:00:00Z");

  date(): DateConstructor {
    const read = (): number => (this.now += 1);
    return class extends Date {
      constructor(...given: [] | [string | number | Date]) {
        super(given.length === 0 ? read() : given[0]);
      }
      static override now(): number {
        return read();
      }
    } as unknown as DateConstructor;
  }

  readonly setTimeout = (act: () => void, ms = 0): NodeJS.Immediate => {
    this.now += ms;
    return setImmediate(act);
  };
}

export class Phone {
  readonly network: Network;
  readonly by: { name: string; operator: null };
  readonly #program: Script;
  readonly #clock = new Clock();
  /** The disk's contents survive when the phone is off. */
  readonly #disk = new idb.IDBFactory();
  #on: Page;

  constructor(program: Script, network: Network, name: string) {
    this.#program = program;
    this.network = network;
    this.by = { name, operator: null };
    this.#on = this.#boot();
  }

  get page(): Page {
    return this.#on;
  }

  /** Turns it off in the middle of any operation, and on again. */
  restart(): void {
    this.#on = this.#boot();
  }

  /** One pass over the queue; if the battery dies in it, it is charged again. */
  async send(): Promise<void> {
    try {
      await this.page.sendAll();
    } catch (error) {
      if (!(error instanceof PhoneDied)) throw error;
      this.restart();
    }
  }

  #boot(): Page {
    const world: Context = createContext({
      ...idb,
      indexedDB: this.#disk,
      fetch: this.network.fetch,
      Date: this.#clock.date(),
      setTimeout: this.#clock.setTimeout,
      clearTimeout: clearImmediate,
      performance: { now: () => this.#clock.now },
      navigator: {},
      location: new URL("http://phone.example/field"),
      crypto: webcrypto,
      console, Blob, Response, Headers, URL, URLSearchParams, TextEncoder, TextDecoder, AbortSignal, AbortController, DOMException, structuredClone, queueMicrotask,
    });
    world.self = world;
    return this.#program.runInContext(world) as Page;
  }
}
