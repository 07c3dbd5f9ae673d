/** ODK's own engine for forms, under Node: it wants a document, which jsdom gives, and a name for the folder it lies in. */

import { createRequire } from "node:module";

import { JSDOM } from "jsdom";

const NEEDED = [
  "document", "DOMParser", "XMLSerializer", "Node", "Element", "Document", "XMLDocument", "DocumentFragment", "DocumentType", "NodeFilter",
  "NamedNodeMap", "Attr", "Text", "Comment", "CDATASection", "CharacterData", "ProcessingInstruction", "HTMLElement", "HTMLInputElement",
] as const;

const { window } = new JSDOM("");
for (const name of NEEDED) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
Object.assign(globalThis, { __dirname: import.meta.dirname, require: createRequire(import.meta.url) });
const { loadForm } = (await import("@getodk/xforms-engine")) as unknown as Engine;

/** What is used of the engine here: the types that come with it name files that do not. */
interface Engine {
  loadForm: (xml: string, options: { fetchFormAttachment: (address: URL) => Promise<Response> }) => Promise<{
    status: "success" | "warning" | "failure";
    error: Error | null;
    warnings: unknown;
    createInstance: () => { root: Root };
  }>;
}

interface Root {
  languages: { language: string; isSyntheticDefault?: true }[];
  setLanguage: (language: Root["languages"][number]) => void;
  currentState: { children: Question[] };
  prepareInstancePayload: (options: { payloadType: "chunked"; maxSize: number }) => Promise<{ status: string; data: Post[] }>;
}

interface Text {
  asString: string;
}

interface Question {
  nodeType: string;
  currentState: { reference: string; label: Text | null; valueOptions: { value: string; label: Text }[] | null };
  validationState: { violation?: { condition: string; message: Text | null } | null };
  setValue?: (value: unknown) => void;
  selectValue?: (value: string) => void;
}

/** What one post sends: the answers as `xml_submission_file`, and files by their names. */
export type Post = FormData;

/** Files that a form names, by their names. */
export type Media = ReadonlyMap<string, string>;

export interface GeoPoint {
  latitude: number;
  longitude: number;
  altitude: number | null;
  accuracy: number | null;
}

/** A form that is being filled in. */
export class Filling {
  readonly #root: Root;

  constructor(root: Root) {
    this.#root = root;
  }

  /** The languages, as the form names them. */
  get languages(): string[] {
    return this.#root.languages.filter((each) => each.isSyntheticDefault !== true).map(({ language }) => language);
  }

  speak(language: string): void {
    const found = this.#root.languages.find((each) => each.language === language);
    if (found === undefined) throw new Error(`the form does not speak ${language}`);
    this.#root.setLanguage(found);
  }

  /** The names of all questions. */
  get questions(): string[] {
    return this.#root.currentState.children.map(({ currentState }) => currentState.reference.replace("/data/", "")).filter((name) => name !== "meta");
  }

  #question(name: string): Question {
    const found = this.#root.currentState.children.find(({ currentState }) => currentState.reference === `/data/${name}`);
    if (found === undefined) throw new Error(`there is no question ${name}`);
    return found;
  }

  label(name: string): string {
    return this.#question(name).currentState.label?.asString ?? "";
  }

  /** The values to choose from, with their labels. */
  choices(name: string): [value: string, label: string][] {
    return this.#question(name).currentState.valueOptions?.map(({ value, label }) => [value, label.asString]) ?? [];
  }

  answer(name: string, value: string | bigint | GeoPoint | File): void {
    const question = this.#question(name);
    if (question.selectValue !== undefined && typeof value === "string") question.selectValue(value);
    else if (question.setValue !== undefined) question.setValue(value);
    else throw new Error(`${name} cannot be answered so`);
  }

  /** What the engine has against the answer; nothing when it stands. */
  complaint(name: string): string | null {
    const { violation } = this.#question(name).validationState;
    return violation == null ? null : (violation.message?.asString ?? violation.condition);
  }

  /** What is sent, in as many posts as it takes when one must not be larger than this. Refused as long as there are complaints. */
  async posts(maxSize: number): Promise<Post[]> {
    const payload = await this.#root.prepareInstancePayload({ payloadType: "chunked", maxSize });
    if (payload.status !== "ready") throw new Error(`the form is ${payload.status}`);
    return payload.data;
  }
}

/** Opens a form for somebody who begins to fill it in. */
export async function open(xml: string, media: Media = new Map()): Promise<Filling> {
  const fetchFormAttachment = (address: URL): Promise<Response> => {
    const name = address.href.split("/").at(-1) ?? "";
    const content = media.get(name);
    return Promise.resolve(content === undefined ? new Response(null, { status: 404 }) : new Response(content, { headers: { "content-type": "text/csv" } }));
  };
  const form = await loadForm(xml, { fetchFormAttachment });
  if (form.status !== "success") throw new Error(`the form was loaded with ${form.status}: ${form.error?.message ?? JSON.stringify(form.warnings)}`);
  return new Filling(form.createInstance().root);
}
