/** A phone that fetches and sends as ODK Collect does, and a manager who reads what came of it. */

import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";

import type { Media, Post } from "./engine.ts";

const { CLEARLINE_URL: url, CLEARLINE_TOKEN: admin, CLEARLINE_PROGRAM: program, CLEARLINE_STORE: store } = process.env;
if (url === undefined || admin === undefined || program === undefined || store === undefined) throw new Error("run by scripts/web-tests.sh");

/** What Collect tells of a form. */
interface Listed {
  version: string;
  hash: string;
  downloadUrl: string;
  manifestUrl: string | null;
}

export class Phone {
  readonly #base: string;

  /** A team's phone, with a token for the district. */
  constructor(name: string, region: string) {
    const token = execFileSync(program ?? "", ["token", "create", "--role", "field", "--name", name, "--region", region, "--store", store ?? ""], { encoding: "utf8" }).trim();
    this.#base = `${url ?? ""}/openrosa/${token}`;
  }

  async #get(address: string): Promise<string> {
    const response = await fetch(address, { headers: { "X-OpenRosa-Version": "1.0" } });
    if (response.status !== 200 || response.headers.get("x-openrosa-version") !== "1.0") throw new Error(`${address} answered ${response.status}`);
    return response.text();
  }

  /** The forms by their ids. */
  async formList(): Promise<Map<string, Listed>> {
    const list = new DOMParser().parseFromString(await this.#get(`${this.#base}/formList?deviceID=collect%3Atest`), "text/xml");
    return new Map(
      [...list.getElementsByTagName("xform")].map((form) => {
        const text = (name: string): string | null => form.getElementsByTagName(name)[0]?.textContent ?? null;
        const needed = (name: string): string => text(name) ?? fail(`a form has no ${name}`);
        return [needed("formID"), { version: needed("version"), hash: needed("hash"), downloadUrl: needed("downloadUrl"), manifestUrl: text("manifestUrl") }];
      }),
    );
  }

  /** A form with its files, each as its hash says. */
  async form(id: string): Promise<{ xml: string; media: Media }> {
    const { downloadUrl, hash, manifestUrl } = (await this.formList()).get(id) ?? fail(`there is no form ${id}`);
    const xml = await this.#get(downloadUrl);
    if (`md5:${md5(xml)}` !== hash) throw new Error("the form is not the one of the list");
    const media = new Map<string, string>();
    if (manifestUrl !== null) {
      const manifest = new DOMParser().parseFromString(await this.#get(manifestUrl), "text/xml");
      for (const file of manifest.getElementsByTagName("mediaFile")) {
        const text = (name: string): string => file.getElementsByTagName(name)[0]?.textContent ?? fail(`a file has no ${name}`);
        const content = await this.#get(text("downloadUrl"));
        if (`md5:${md5(content)}` !== text("hash")) throw new Error("a file is not the one of the manifest");
        media.set(text("filename"), content);
      }
    }
    return { xml, media };
  }

  /** Sends posts one after the other, all but the last with the word that more follow; how each was answered. */
  async send(posts: readonly Post[]): Promise<number[]> {
    const ready = await fetch(`${this.#base}/submission`, { method: "HEAD" });
    if (ready.status !== 204) throw new Error(`HEAD answered ${ready.status}`);
    const answers = [];
    for (const [at, post] of posts.entries()) {
      const body = new FormData();
      for (const [name, file] of post.entries()) if (file instanceof File) body.append(name, file, file.name);
      if (at + 1 < posts.length) body.append("*isIncomplete*", "yes");
      const response = await fetch(`${this.#base}/submission?deviceID=collect%3Atest`, { method: "POST", body, headers: { "X-OpenRosa-Version": "1.0" } });
      const told = await response.text();
      if (!told.includes("<OpenRosaResponse")) throw new Error(`${response.status}: ${told}`);
      answers.push(response.status);
    }
    return answers;
  }
}

export interface Read {
  geometry: { coordinates: [number, number] };
  properties: Record<string, unknown> & { revision: number; status: string; photos?: string[] };
}

/** What a manager reads. */
export async function read<T>(path: string): Promise<T> {
  const response = await fetch(`${url ?? ""}${path}`, { headers: { authorization: `Bearer ${admin ?? ""}` } });
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return (response.headers.get("content-type") ?? "").includes("json") ? ((await response.json()) as T) : (new Uint8Array(await response.arrayBuffer()) as T);
}

/** A record by its id. */
export function record(id: string): Promise<Read> {
  return read(`/collections/detections/items/${id}`);
}

/** The id that a submission has given itself. */
export async function idOf(posts: readonly Post[]): Promise<string> {
  const answers = posts[0]?.get("xml_submission_file");
  const xml = answers instanceof File ? await answers.text() : "";
  return /<instanceID>uuid:([0-9a-f-]{36})<\/instanceID>/.exec(xml)?.[1] ?? fail(`no id in ${xml}`);
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function fail(why: string): never {
  throw new Error(why);
}
