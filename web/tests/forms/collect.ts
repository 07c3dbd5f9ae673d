/** Imitates ODK Collect: fetches a server's forms, maintains their lists, and sends completed forms. */

import { createHash, randomUUID } from "node:crypto";

import { loadForm } from "./engine.ts";
import { Filling, XML, type Answers, type Form } from "./form.ts";

/** The maximum number of files per post; Collect splits larger submissions into several posts. */
const MOST_FILES = 100;

/** The outcome of a post. */
export interface Told {
  status: number;
  message: string;
}

/** A detection in the list, as Collect stores it: with the server's version, and the phone's own count from there. */
interface Entity {
  /** Its values in the list by column, without its version. */
  cells: Map<string, string>;
  version: number;
  trunk: number;
  branch: string;
}

export class Collect {
  readonly #base: string;
  readonly #device = `collect:${randomUUID()}`;
  readonly #forms = new Map<string, { xml: string; lists: Map<string, string> }>();
  #entities = new Map<string, Entity>();

  /** A phone set up with the address of its token, with the forms fetched. */
  static async at(server: string, token: string): Promise<Collect> {
    const phone = new Collect(`${server}/openrosa/${token}`);
    await phone.refresh();
    return phone;
  }

  private constructor(base: string) {
    this.#base = base;
  }

  /** The ids of its forms. */
  get forms(): string[] {
    return [...this.#forms.keys()];
  }

  /** Fetches every form and its lists in the server's present state. */
  async refresh(): Promise<void> {
    const list = read(await this.#get(`${this.#base}/formList?deviceID=${encodeURIComponent(this.#device)}`));
    for (const item of list.querySelectorAll("xform")) {
      const lists = new Map<string, string>();
      const manifest = item.querySelector("manifestUrl")?.textContent;
      const files = manifest === undefined ? [] : read(await this.#get(manifest)).querySelectorAll("mediaFile");
      for (const file of files) {
        const csv = await this.#checked(file);
        if (file.getAttribute("type") === "entityList") this.#entities = entitiesOf(csv);
        lists.set(textOf(file, "filename"), csv);
      }
      this.#forms.set(textOf(item, "formID"), { xml: await this.#checked(item), lists });
    }
  }

  /** Modifies a form on this phone. */
  vary(id: string, change: (xml: string) => string): void {
    const form = this.#forms.get(id);
    if (form === undefined) throw new Error(`the server has no form ${id}`);
    form.xml = change(form.xml);
  }

  /** Opens a form with its lists. */
  async open(id: string): Promise<Form> {
    const { xml, lists } = this.#forms.get(id) ?? {};
    if (xml === undefined) throw new Error(`the server has no form ${id}`);
    const form = await loadForm(xml, {
      fetchFormAttachment: (wanted: URL) => {
        const name = wanted.href.split("/").at(-1) ?? "";
        const found = lists?.has(name) === true;
        return Promise.resolve(new Response(found ? this.#listed() : null, { status: found ? 200 : 404, headers: { "Content-Type": "text/csv" } }));
      },
    });
    if (form.status === "failure") throw form.error;
    return form;
  }

  /** Opens a form and fills it in. */
  async fillIn(id: string, language: string, answers: Answers): Promise<Filling> {
    return new Filling(id, await this.open(id), language).fillIn(answers);
  }

  /** The text of a detection in the list; undefined if absent. */
  label(record: string): string | undefined {
    return this.#entities.get(record)?.cells.get("label");
  }

  /**
   * Finishes a form. Its changes update the list with the answers that the form stores there, so that the next form builds
   * on them.
   */
  async finish(filling: Filling): Promise<Finished> {
    const { xml, files } = await filling.finished();
    const text = await xml.text();
    const answers = read(text);
    const entity = this.#entities.get(answers.querySelector("meta > entity")?.getAttribute("id") ?? "");
    if (entity !== undefined) {
      entity.version += 1;
      for (const [property, question] of keptOf(this.#forms.get(filling.form)?.xml ?? "")) entity.cells.set(property, textOf(answers, question));
    }
    return { id: /<instanceID>uuid:([^<]*)</.exec(text)?.[1] ?? "", form: filling.form, xml, text, files };
  }

  /** Edits a sent form, as `client-editable` allows, with other answers: a separate submission. */
  correct(sent: Finished, answers: Readonly<Record<string, string>>, files: readonly File[] = []): Finished {
    const form = read(this.#forms.get(sent.form)?.xml ?? "");
    if (form.querySelector("submission")?.getAttribute("odk:client-editable") !== "true") throw new Error(`${sent.form} cannot be corrected`);
    const id = randomUUID();
    const document = read(sent.text);
    for (const [name, answer] of Object.entries(answers)) {
      const question = document.querySelector(name);
      if (question === null) throw new Error(`nothing was answered to ${name}`);
      question.textContent = answer;
    }
    const instance = document.querySelector("meta > instanceID");
    document.querySelector("deprecatedID")?.remove();
    const before = document.createElementNS(instance?.namespaceURI ?? null, "deprecatedID");
    before.textContent = `uuid:${sent.id}`;
    instance?.after(before);
    if (instance !== null) instance.textContent = `uuid:${id}`;
    const text = document.documentElement.outerHTML;
    return { ...sent, id, text, files, xml: new File([text], sent.xml.name, { type: sent.xml.type }) };
  }

  /** Sends a finished form: in several posts if it exceeds the server's limit, each with the answers. */
  async send({ xml, files }: Finished): Promise<Told[]> {
    const submission = `${this.#base}/submission?deviceID=${encodeURIComponent(this.#device)}`;
    const asked = await fetch(submission, { method: "HEAD", headers: HEADERS });
    if (asked.status !== 204) throw new Error(`HEAD returned ${asked.status}`);
    const told: Told[] = [];
    for (const body of posts(xml, files, Number(asked.headers.get("X-OpenRosa-Accept-Content-Length")))) {
      const answer = await fetch(submission, { method: "POST", headers: HEADERS, body });
      told.push({ status: answer.status, message: textOf(read(await answer.text()), "message") });
    }
    return told;
  }

  /** The list as forms see it. */
  #listed(): string {
    const rows = [...this.#entities.values()].map(({ cells, version, trunk, branch }) => [...COLUMNS.map((name) => cells.get(name) ?? ""), String(version), String(trunk), branch]);
    const all = [[...COLUMNS, "__version", "__trunkVersion", "__branchId"], ...rows];
    return all.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",")).join("\n");
  }

  async #get(address: string): Promise<string> {
    const answer = await fetch(address, { headers: HEADERS });
    const text = await answer.text();
    if (answer.status !== 200 || answer.headers.get("X-OpenRosa-Version") !== "1.0") throw new Error(`${address} returned ${answer.status}: ${text}`);
    return text;
  }

  /** Fetches an element's file and compares it with the stated hash. */
  async #checked(element: Element): Promise<string> {
    const text = await this.#get(textOf(element, "downloadUrl"));
    const hash = `md5:${createHash("md5").update(text).digest("hex")}`;
    if (hash !== textOf(element, "hash")) throw new Error(`${textOf(element, "downloadUrl")} is not what its hash says`);
    return text;
  }
}

/** A finished form. */
export interface Finished {
  /** The id of the submission. */
  id: string;
  /** The id of the form. */
  form: string;
  xml: File;
  text: string;
  files: readonly File[];
}

/** The columns of the list, before the version. */
const COLUMNS = ["name", "label", "geometry", "status", "kind", "district"];

/** The list properties in which a form stores its answers, each with its question. */
function keptOf(form: string): [property: string, question: string][] {
  const kept = [...read(form).querySelectorAll("bind")].map((bind): [string | null, string | null] => [bind.getAttribute("entities:saveto"), bind.getAttribute("nodeset")]);
  return kept.flatMap(([property, nodeset]) => (property === null || nodeset === null ? [] : [[property, nodeset.split("/").at(-1) ?? ""]]));
}

const HEADERS = { "X-OpenRosa-Version": "1.0" };

/** The posts of a submission: a file that would take one above `most_bytes` starts the next; all but the last announce more. */
function posts(xml: File, files: readonly File[], most_bytes: number): FormData[] {
  const parts: File[][] = [[]];
  let bytes = xml.size;
  for (const file of files) {
    const last = parts.at(-1) ?? [];
    if (last.length > 0 && (last.length >= MOST_FILES || bytes + file.size > most_bytes)) {
      parts.push([file]);
      bytes = xml.size + file.size;
    } else {
      last.push(file);
      bytes += file.size;
    }
  }
  return parts.map((part, nth) => {
    const body = new FormData();
    body.append(XML, xml);
    for (const file of part) body.append(file.name, file);
    if (nth < parts.length - 1) body.append("*isIncomplete*", "yes");
    return body;
  });
}

/** The lines of a list of entities, by their ids. */
function entitiesOf(csv: string): Map<string, Entity> {
  const [header, ...rows] = cellsOf(csv);
  if (header?.join() !== [...COLUMNS, "__version"].join()) throw new Error(`a list begins with ${header?.join() ?? ""}`);
  return new Map(
    rows.map((row) => {
      const version = Number(row.at(-1));
      const cells = new Map(COLUMNS.map((name, nth) => [name, row[nth] ?? ""]));
      return [cells.get("name") ?? "", { cells, version, trunk: version, branch: randomUUID() }];
    }),
  );
}

/** The cells of CSV, line by line; a quoted cell may contain anything. */
function cellsOf(csv: string): string[][] {
  const lines: string[][] = [[]];
  for (const [, quoted, plain = "", end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") lines.push([]);
  }
  return lines.slice(0, -1);
}

function read(xml: string): Document {
  const document = new DOMParser().parseFromString(xml, "application/xml");
  if (document.querySelector("parsererror") !== null) throw new Error(`no XML: ${xml}`);
  return document;
}

function textOf(parent: ParentNode, name: string): string {
  return parent.querySelector(name)?.textContent ?? "";
}
