/** Teams with their phones, and the server's copies of what they sent. */

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";

import { picture } from "../picture.ts";
import { makeToken, token, url } from "../server.ts";
import { Collect, type Finished, type Told } from "./collect.ts";
import type { Answers } from "./form.ts";

export const DETECTION = "clearline_detection";
export const NEUTRALISATION = "clearline_neutralisation";
export const ACCIDENT = "clearline_accident";

/** A geopoint in Lachin, as a phone's receiver gives it. */
export const LACHIN = "39.7011 46.296 1203.5 4.2";

/** The response to an accepted submission. */
export const RECEIVED: Told = { status: 201, message: "Received" };

/** The phone of a team that may record in Lachin. */
export async function team(name = someName("Team")): Promise<Collect> {
  return Collect.at(url, await makeToken("field", name, ["AZ-LAC"]));
}

function someName(role: string): string {
  return `${role} ${randomUUID()}`;
}

/** Fills in a form, finishes it and sends it. */
export async function submit(phone: Collect, form: string, answers: Answers, language = "en"): Promise<Finished & { told: Told[] }> {
  const finished = await phone.finish(await phone.fillIn(form, language, answers));
  return { ...finished, told: await phone.send(finished) };
}

/** The id of a detection that was sent and is now in the list. */
export async function detected(phone: Collect, answers: Answers = {}): Promise<string> {
  const { id, told } = await submit(phone, DETECTION, { location: LACHIN, kind: "Anti-personnel mine", detected_on: "2023-03-14", ...answers });
  assert.deepEqual(told, [RECEIVED]);
  await phone.refresh();
  return id;
}

export function statuses(told: Told[]): number[] {
  return told.map(({ status }) => status);
}

export interface Feature {
  id: string;
  geometry: { coordinates: [lon: number, lat: number] };
  properties: Record<string, unknown>;
}

async function read(path: string, token: string): Promise<unknown> {
  const answer = await fetch(url + path, { headers: { Authorization: `Bearer ${token}`, Accept: "application/json" } });
  assert.equal(answer.status, 200, path);
  return answer.json();
}


export async function record(id: string, collection = "detections"): Promise<Feature> {
  return (await read(`/collections/${collection}/items/${id}`, token)) as Feature;
}

/** Properties of a record; null if it has none. */
export async function said(id: string, names: readonly string[], collection = "detections"): Promise<Record<string, unknown>> {
  const { properties } = await record(id, collection);
  return Object.fromEntries(names.map((name) => [name, properties[name] ?? null]));
}

export interface Held {
  why: string;
  by: string;
  feature: Feature;
}

/** A held record, as a manager of Lachin sees it. */
export async function heldOf(id: string): Promise<Held[]> {
  const manager = await makeToken("manager", someName("Manager"), ["AZ-LAC"]);
  const { records } = (await read("/held?limit=200", manager)) as { records: Held[] };
  return records.filter(({ feature }) => feature.id === id);
}

/** A photo as a camera writes it, a square of this many pixels. */
export function photo(side: number, name: string): File {
  return new File([picture(side)], name, { type: "image/png" });
}

export async function hashOf(file: File): Promise<string> {
  return createHash("sha256")
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest("hex");
}

/** Checks that every byte of the photo arrived and that it can be viewed. */
export async function assertShown(file: File): Promise<void> {
  const address = `${url}/photos/${await hashOf(file)}`;
  const headers = { Authorization: `Bearer ${token}` };
  const standing = await fetch(address, { method: "HEAD", headers });
  assert.deepEqual([standing.status, standing.headers.get("Upload-Offset")], [200, String(file.size)]);
  const shown = await fetch(address, { headers });
  assert.deepEqual([shown.status, shown.headers.get("Content-Type")], [200, "image/jpeg"]);
  // The first bytes of a JPEG.
  assert.equal(Buffer.from(await shown.arrayBuffer()).toString("hex", 0, 3), "ffd8ff");
}
