/** Answers in the place of a program that was built without the field page or its photos; null: ask the program. */

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";

import type { Given } from "./gateway.ts";

const dist = new URL("../../dist/", import.meta.url);
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8", js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", png: "image/png", svg: "image/svg+xml",
  geojson: "application/geo+json", webmanifest: "application/manifest+json", woff2: "font/woff2",
};

export const photos = new Map<string, { bytes: Buffer; total: number; type: string }>();

export async function standIn(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer, server: string): Promise<Given | null> {
  const { pathname } = new URL(path, server);
  if (pathname.startsWith("/photos/")) return photo(method, pathname.split("/")[2] ?? "", pathname.endsWith("/thumbnail"), headers, body);
  const name = pathname === "/field" ? "field.html" : pathname.slice(1);
  const isPage = pathname.startsWith("/field") || pathname.startsWith("/assets/");
  if (method !== "GET" || !isPage || !existsSync(new URL(name, dist))) return Promise.resolve(null);
  const type = TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  return { status: 200, headers: { "content-type": type, "cache-control": "no-cache", "content-security-policy": POLICY }, body: readFileSync(new URL(name, dist)) };
}

function photo(method: string, hash: string, thumbnail: boolean, headers: IncomingHttpHeaders, body: Buffer): Given {
  const kept = photos.get(hash);
  const say = (status: number, offset?: number): Given => ({ status, headers: offset === undefined ? {} : { "upload-offset": String(offset) }, body: Buffer.alloc(0) });
  const whole = kept !== undefined && kept.bytes.length === kept.total;
  if (method === "GET") return whole ? { status: 200, headers: { "content-type": kept.type }, body: kept.bytes } : say(404);
  if (method === "HEAD") return whole ? say(200) : kept === undefined ? say(404) : say(204, kept.bytes.length);
  if (thumbnail || method !== "PATCH") return say(405);
  const have = kept?.bytes ?? Buffer.alloc(0);
  if (Number(headers["upload-offset"]) !== have.length) return say(409, have.length);
  const bytes = Buffer.concat([have, body]);
  const total = Number(headers["upload-length"]);
  photos.set(hash, { bytes, total, type: headers["content-type"] ?? "" });
  if (bytes.length < total) return say(204, bytes.length);
  if (createHash("sha256").update(bytes).digest("hex") === hash) return say(201, total);
  photos.delete(hash);
  return say(422);
}
