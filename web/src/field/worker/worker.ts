/**
 * Keeps the field page usable without network, and sends the queue when the browser says that the network is back and
 * no page is open. It answers only for what belongs to the page: everything else goes to the server as if it were not
 * there. The queue is not its own, so that another version of it changes nothing about what waits.
 */

import { sendAll } from "../send/send.ts";
import { KeptFiles, PAGE, PREFIX, type PageFiles } from "./files.ts";

declare const self: ServiceWorkerGlobalScope;

/** Put in when the page is built. */
declare const __PAGE__: PageFiles;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const kept = new KeptFiles(__PAGE__);

self.addEventListener("install", (event) => {
  // All of it or nothing: a version with a part missing is never used. What is there stays for the next attempt.
  event.waitUntil(kept.complete(tellAll));
});

/** Tells the pages that are open how far it is. */
function tellAll(have: number, of: number): void {
  void self.clients.matchAll({ includeUncontrolled: true, type: "window" }).then((pages) => {
    for (const page of pages) page.postMessage({ installed: { have, of } });
  });
}

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

/** Runs once no page uses the version before any more, or when its reader asked for the new one. */
async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== kept.name) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "use-now") void self.skipWaiting();
  if (event.data === "check") event.waitUntil(kept.complete(tellAll).catch(() => self.registration.update().catch(() => undefined)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(answered(request, PAGE));
  else if (kept.has(pathname)) event.respondWith(answered(request, pathname));
});

async function answered(request: Request, path: string): Promise<Response> {
  return (await kept.get(path)) ?? fetch(request);
}

self.addEventListener("sync", ((event: SyncEvent) => {
  if (event.tag === "clearline-send") event.waitUntil(sendFromHere());
}) as EventListener);

/** Fails when something is left, so that the browser tries again later. */
async function sendFromHere(): Promise<void> {
  const { end, left, photos } = await sendAll();
  if (end !== "elsewhere" && end !== "sign-in" && left + photos > 0) throw new Error(`${left} records and ${photos} photos still wait`);
}
