/** Takes the screenshots of the README: `CLEARLINE_URL=... CLEARLINE_TOKEN=... npm run screenshots`, from a server with the demonstration. */

import { mkdir } from "node:fs/promises";

import type { BrowserContextOptions } from "playwright-core";

import { launch, open } from "./browser.ts";

const folder = new URL("../../../docs/", import.meta.url);

const pictures: [name: string, hash: string, options: BrowserContextOptions][] = [
  ["screenshot", "", {}],
  ["screenshot-district", "#region=AZ-KAL", {}],
  ["screenshot-records", "#region=AZ-FUZ&at=17.4/39.5003/47.1095", {}],
  ["screenshot-dark", "#theme=dark&lang=az", {}],
  ["screenshot-phone", "", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
];

await mkdir(folder, { recursive: true });
const browser = await launch();
for (const [name, hash, options] of pictures) {
  const { page, complaints } = await open(browser, hash, options);
  await page.screenshot({ path: new URL(`${name}.png`, folder).pathname });
  console.log(`docs/${name}.png${complaints.length > 0 ? `, with complaints: ${complaints.join("; ")}` : ""}`);
  await page.context().close();
}
await browser.close();
