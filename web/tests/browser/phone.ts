/** A phone with the field page on it: a browser of its own whose battery can die. */

import { spawn, type ChildProcess } from "node:child_process";
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

  private constructor(folder: string, url: string) {
    this.#folder = folder;
    this.#url = url;
  }

  static async make(url: string): Promise<Phone> {
    return new Phone(await mkdtemp(join(tmpdir(), "clearline-phone-")), url);
  }

  /** Turns it on and opens the page, at the screen of this name. */
  async on(screen = ""): Promise<Page> {
    const started = spawn(
      process.env.CHROMIUM ?? "/usr/bin/chromium",
      [...FLAGS, "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${this.#folder}`, "--lang=en-GB", "about:blank"],
      { stdio: ["ignore", "ignore", "pipe"], detached: true },
    );
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

  /** The battery dies: nothing is told, nothing is written any more. */
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

/** The browser says where it listens on one of the first lines that it writes. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  let said = "";
  for await (const part of stderr ?? []) {
    said += String(part);
    const found = /ws:\/\/\S+/.exec(said);
    if (found !== null) return found[0];
  }
  throw new Error(`the browser did not start: ${said}`);
}
