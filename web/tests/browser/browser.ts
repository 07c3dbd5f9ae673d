/** Opens the page in the machine's Chromium and collects every console message. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

import { url } from "../server.ts";

export { makeToken, token, url } from "../server.ts";

export const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface Opened {
  page: Page;
  /** The complaints of the console and the page, and the requests to other hosts. */
  complaints: string[];
}

/** `before` runs before the page loads. */
export async function open(browser: Browser, hash = "", options: BrowserContextOptions = {}, before?: (page: Page) => Promise<void>): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`page: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && /^https?:/.test(request.url())) complaints.push(`asked ${request.url()}`);
  });
  await before?.(page);
  await page.goto(`${url}/${hash}`);
  await ready(page);
  return { page, complaints };
}

/** A context in which the bearer of this token is signed in, using the server's session cookie. */
export async function signedIn(token: string): Promise<BrowserContextOptions> {
  const answer = await fetch(`${url}/session`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ token }) });
  const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
  const [name = "", value = ""] = cookie.split("=");
  if (answer.status !== 204 || value === "") throw new Error(`signing in returned ${answer.status}`);
  const { hostname } = new URL(url);
  const kept = { name, value, domain: hostname, path: "/", expires: -1, httpOnly: true, secure: false, sameSite: "Lax" as const };
  return { storageState: { cookies: [kept], origins: [] } };
}

/** Waits until the figures are loaded and the map has drawn everything. */
export async function ready(page: Page): Promise<void> {
  await page.waitForSelector("[data-figure=neutralised], .none");
  await page.waitForSelector(".map[data-drawn=true]", { timeout: 60_000 });
}

/** The number of a figure in the panel. */
export async function figure(page: Page, name: "detected" | "neutralised"): Promise<number> {
  return Number((await page.innerText(`[data-figure=${name}]`)).replace(/\D/g, ""));
}

/** The accessibility violations that axe finds; `rules` enables rules that are off by default. */
export async function violations(page: Page, rules: readonly string[] = []): Promise<string[]> {
  // Evaluated, not added as a script: the page's CSP forbids foreign scripts.
  await page.evaluate(axe);
  return page.evaluate(async (more) => {
    interface Axe {
      run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const found = await axe.run({ resultTypes: ["violations"], rules: Object.fromEntries(more.map((id) => [id, { enabled: true }])) });
    return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ""}`));
  }, rules);
}
