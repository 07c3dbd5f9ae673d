/**
 * Makes the field page work offline, and sends the queue when the browser reports that the network is back and no page is
 * open. It serves only the page's own files; all other requests go to the server unchanged. The queue is shared with the
 * page, so another version of the worker does not affect waiting entries.
 */

import { sendAll } from "../send/send.ts";
import { KeptFiles, PAGE, PREFIX, type PageFiles } from "./files.ts";

declare const self: ServiceWorkerGlobalScope;

/** Inserted by the build. */
declare const __PAGE__: PageFiles;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const kept = new KeptFiles(__PAGE__);

self.addEventListener("install", (event) => {
  // All or nothing: an incomplete version is never used. Files already present stay for the next attempt.
  event.waitUntil(kept.complete(tellAll));
});

/** Reports the progress to open pages. */
function tellAll(have: number, of: number): void {
  void self.clients.matchAll({ includeUncontrolled: true, type: "window" }).then((pages) => {
    for (const page of pages) page.postMessage({ installed: { have, of } });
  });
}

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

/** Runs once no page uses the previous version, or the user requested the new one. */
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

/** Fails if something is left, so that the browser retries later. */
async function sendFromHere(): Promise<void> {
  const { end, left, photos } = await sendAll();
  if (end !== "elsewhere" && end !== "sign-in" && left + photos > 0) throw new Error(`${left} records and ${photos} photos still wait`);
}
