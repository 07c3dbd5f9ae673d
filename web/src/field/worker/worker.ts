/**
 * Keeps the field page usable without network, and sends the queue when the browser says that the network is back and
 * no page is open. It answers only for what belongs to the page: everything else goes to the server as if it were not
 * there. The queue is not its own, so that another version of it changes nothing about what waits.
 */

import { sendAll } from "../send/send.ts";

declare const self: ServiceWorkerGlobalScope;

/** Put in when the page is built: what the page consists of, and a name that changes with it. */
declare const __PAGE__: { version: string; files: readonly string[] };

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

const PREFIX = "clearline-field-";
const CACHE = PREFIX + __PAGE__.version;
const PAGE = "/field";
const files = new Set<string>(__PAGE__.files);

self.addEventListener("install", (event) => {
  // All of it or nothing: a version with a part missing is never used.
  const requests = [PAGE, ...files].map((path) => new Request(path, { cache: path.startsWith("/assets/") ? "default" : "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

/** Runs once no page uses the version before any more, or when its reader asked for the new one. */
async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  if (event.data === "use-now") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(kept(request, PAGE));
  else if (files.has(pathname)) event.respondWith(kept(request, pathname));
});

async function kept(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener("sync", ((event: SyncEvent) => {
  if (event.tag === "clearline-send") event.waitUntil(sendFromHere());
}) as EventListener);

/** Fails when something is left, so that the browser tries again later. */
async function sendFromHere(): Promise<void> {
  const { end, left, photos } = await sendAll();
  if (end !== "elsewhere" && end !== "sign-in" && left + photos > 0) throw new Error(`${left} records and ${photos} photos still wait`);
}
