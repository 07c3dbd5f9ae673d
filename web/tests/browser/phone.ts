/** A phone with the field page: a separate browser whose battery can die. */

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

import { FLAGS } from "./browser.ts";

const VIEWPORT = { width: 360, height: 640 };

export class Phone {
  readonly #folder: string;
  readonly #url: string;
  readonly complaints: string[] = [];
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;

  /** The size of a separate disk in megabytes, deleted when the phone is off; null to share the machine's. */
  readonly #disk_mb: number | null;

  private constructor(folder: string, url: string, disk_mb: number | null) {
    this.#folder = folder;
    this.#url = url;
    this.#disk_mb = disk_mb;
  }

  static async make(url: string, disk_mb: number | null = null): Promise<Phone> {
    return new Phone(await mkdtemp(join(tmpdir(), "clearline-phone-")), url, disk_mb);
  }

  /** The command that starts a program on the phone's separate disk. */
  #command(program: string, flags: readonly string[]): [string, string[]] {
    if (this.#disk_mb === null) return [program, [...flags]];
    const mounted = `mount -t tmpfs -o size=${this.#disk_mb}m tmpfs "$1" && shift && exec "$@"`;
    return ["unshare", ["--map-root-user", "--mount", "sh", "-c", mounted, "sh", this.#folder, program, ...flags]];
  }

  /** Fills its disk to the last byte. Returns a function that frees it again. */
  fillDisk(): () => void {
    const file = `/proc/${this.#process?.pid ?? 0}/root${this.#folder}/video.mp4`;
    const video = openSync(file, "w");
    for (const bytes of [1 << 20, 4096, 1]) {
      try {
        for (const block = Buffer.alloc(bytes, 1); ; ) writeSync(video, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      }
    }
    closeSync(video);
    return () => rmSync(file);
  }

  /** Turns it on and opens the page at the named screen. */
  async on(screen = ""): Promise<Page> {
    const flags = [...FLAGS, "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${this.#folder}`, "--lang=en-GB", "about:blank"];
    const [program, given] = this.#command(process.env.CHROMIUM ?? "/usr/bin/chromium", flags);
    const started = spawn(program, given, { stdio: ["ignore", "ignore", "pipe"], detached: true });
    this.#process = started;
    this.#browser = await chromium.connectOverCDP(await addressOf(started));
    const page = this.#context().pages()[0] ?? (await this.#context().newPage());
    await this.#context().grantPermissions(["geolocation"], { origin: this.#url });
    await this.#context().setGeolocation({ longitude: 46.3, latitude: 39.7, accuracy: 4 });
    await page.setViewportSize(VIEWPORT);
    page.on("console", (message) => {
      if (message.type() === "error" && !/ERR_(INTERNET_DISCONNECTED|CONNECTION|EMPTY|NETWORK)|Failed to load resource/.test(message.text())) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(`page: ${error.message}`));
    await page.goto(`${this.#url}/field${screen}`);
    await page.waitForSelector("main h1");
    return page;
  }

  #context(): BrowserContext {
    const context = this.#browser?.contexts()[0];
    if (context === undefined) throw new Error("the phone is off");
    return context;
  }

  async moveTo(longitude: number, latitude: number, accuracy: number): Promise<void> {
    await this.#context().setGeolocation({ longitude, latitude, accuracy });
  }

  async network(there: boolean): Promise<void> {
    await this.#context().setOffline(!there);
  }

  /** The battery dies: no notice, and nothing more is written. */
  async die(): Promise<void> {
    const { pid } = this.#process ?? {};
    const gone = new Promise((over) => this.#process?.once("exit", over));
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
    await gone;
    await this.#browser?.close().catch(() => undefined);
    this.#process = this.#browser = null;
  }

  async throwAway(): Promise<void> {
    if (this.#process !== null) await this.die();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The browser prints its address on one of its first lines. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  let said = "";
  for await (const part of stderr ?? []) {
    said += String(part);
    const found = /ws:\/\/\S+/.exec(said);
    if (found !== null) return found[0];
  }
  throw new Error(`the browser did not start: ${said}`);
}
