/** The connection from a phone to the server: it loses requests and responses, duplicates some, and delays some until nobody waits for them. */

import type { Fault } from "./actions.ts";

/** The server's response to an upload, whether or not the phone received it. */
export interface Answered {
  record: string;
  key: string;
  body: string;
  status: number;
  report: { upload?: string; revision?: number; created?: number; updated?: number; unchanged?: number; held?: number; refused?: number };
}

export class PhoneDied extends Error {}

export class Network {
  readonly answers: Answered[] = [];
  readonly #server: string;
  readonly #token: string;
  readonly #late: (() => Promise<unknown>)[] = [];
  #faults: Fault[] = [];
  /** The number of requests until the phone is off; null to stay on. */
  #dies: number | null = null;

  constructor(server: string, token: string) {
    this.#server = server;
    this.#token = token;
  }

  be(faults: readonly Fault[], dies: number | null): void {
    this.#faults = [...faults];
    this.#dies = dies;
  }

  readonly fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const fault = this.#faults.shift() ?? "none";
    const dies = this.#dies === 0;
    if (this.#dies !== null) this.#dies -= 1;
    if (fault === "lost") throw new TypeError("the request was lost");
    const go = (): Promise<Response> => this.#deliver(path, init);
    if (fault === "late") {
      this.#late.push(go);
      throw new TypeError("nothing came for a long time");
    }
    if (fault === "twice") await go();
    const response = await go();
    // A phone that is off never sees the response.
    if (dies) throw new PhoneDied();
    if (fault === "unanswered") throw new TypeError("the answer was lost");
    return response;
  };

  /** Delivers the delayed requests. */
  async deliver(): Promise<void> {
    for (let next = this.#late.shift(); next !== undefined; next = this.#late.shift()) await next();
  }

  async #deliver(path: string, { method = "GET", headers, body }: RequestInit): Promise<Response> {
    const given = { ...(headers as Record<string, string>), Authorization: `Bearer ${this.#token}` };
    const response = await fetch(this.#server + path, { method, headers: given, body: body ?? null });
    const bytes = await response.arrayBuffer();
    if (method === "POST" && path.startsWith("/uploads")) this.#note(given, body as string, response.status, bytes);
    return new Response(bytes.byteLength === 0 ? null : bytes, { status: response.status, headers: response.headers });
  }

  #note(headers: Record<string, string>, body: string, status: number, bytes: ArrayBuffer): void {
    const { id: record } = JSON.parse(body) as { id: string };
    const report = JSON.parse(Buffer.from(bytes).toString() || "{}") as Answered["report"];
    this.answers.push({ record, key: headers["Idempotency-Key"] ?? "", body, status, report });
  }
}
