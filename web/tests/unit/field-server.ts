import type { RecordFeature } from "../../src/field/record.ts";
import { claim, report, told, type Way } from "./recorded.ts";

/** A server as the field page knows it: its data and its injected faults. */
export class Server {
  readonly uploads: { key: string; id: string; base: number | null; kind: unknown; status: unknown }[] = [];
  readonly records = new Map<string, { revision: number; content: string }>();
  readonly photos = new Map<string, Uint8Array>();
  readonly #answers = new Map<string, unknown>();
  name: string | null = "Team 4";
  operator: string | null = null;
  reachable = true;
  /** Accepts uploads, but loses the response. */
  loses = 0;
  /** Breaks off after this many parts of photos. */
  partsLeft = Number.POSITIVE_INFINITY;
  /** Photos that it declares invalid once complete, and how often. */
  readonly refuses = new Map<string, number>();
  /** The received part of a photo was damaged: the server requests it from this offset, once. */
  damagedFrom: number | null = null;
  /** Photos that it has completely, of which the test has no bytes. */
  readonly whole = new Set<string>();
  readonly log: ("record" | "part")[] = [];
  onPart: () => unknown = () => undefined;
  status = 200;
  /** Managers' decisions on records, other than leaving them as submitted. */
  readonly reviewed = new Map<string, { as: Way; reason?: string }>();
  /** Held writes by record, and the managers' decisions on them. */
  readonly aside = new Map<string, { feature: RecordFeature; decision: "pending" | "accepted" | "dismissed"; reason?: string }>();
  #revision = 100;

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    if (!this.reachable) throw new TypeError("no network");
    const [path = "", query = ""] = url.split("?");
    if (path === "/me") return Response.json({ name: this.name, operator: this.operator });
    if (path.startsWith("/photos/")) return this.#photo(path.slice(8), init);
    if (path === "/me/records") return this.#tell((JSON.parse(init.body as string) as { ids: string[] }).ids);
    if (path.startsWith("/collections/")) return Response.json({ properties: this.#item(path.split("/").at(-1) ?? "") });
    if (this.status !== 200) return new Response("{}", { status: this.status, headers: { "Retry-After": "7" } });
    const answer = this.#upload(init, query.includes("update=true"));
    if (this.loses > 0) {
      this.loses -= 1;
      throw new TypeError("the answer was lost");
    }
    return answer;
  };

  #tell(ids: readonly string[]): Response {
    if (this.name === null) return Response.json({}, { status: 401 });
    const records = ids.map((id) => {
      const [now, aside] = [this.records.get(id), this.aside.get(id)];
      const claims = aside === undefined || this.name !== "Team 4" ? [] : [claim(aside.decision, `of-${id}`, aside.feature, aside.reason)];
      if (now === undefined) return told("unknown", { id, claims });
      const { as, reason } = this.reviewed.get(id) ?? { as: "submitted" as const };
      const properties = JSON.parse(now.content) as RecordFeature["properties"];
      return told(as, { id, revision: now.revision, reason, feature: { geometry: { type: "Point", coordinates: [46.3, 39.7] }, properties }, claims });
    });
    return Response.json({ records });
  }

  async #photo(hash: string, { method, headers, body }: RequestInit): Promise<Response> {
    if (this.whole.has(hash)) return new Response(null, { status: 200 });
    const have = this.photos.get(hash) ?? new Uint8Array();
    if (method === "HEAD") return have.length === 0 ? new Response(null, { status: 404 }) : new Response(null, { status: 204, headers: { "Upload-Offset": String(have.length) } });
    this.log.push("part");
    await this.onPart();
    if (this.partsLeft-- <= 0) throw new TypeError("no network");
    const said = headers as Record<string, string>;
    if (Number(said["Upload-Offset"]) !== have.length) return new Response(null, { status: 409, headers: { "Upload-Offset": String(have.length) } });
    const part = new Uint8Array(await (body as Blob).arrayBuffer());
    const all = new Uint8Array(Buffer.concat([have, part]));
    const isWhole = all.length === Number(said["Upload-Length"]);
    if (isWhole && this.damagedFrom !== null) {
      this.photos.set(hash, all.slice(0, this.damagedFrom));
      const offset = String(this.damagedFrom);
      this.damagedFrom = null;
      return Response.json({ type: "urn:clearline:problem:offset" }, { status: 409, headers: { "Upload-Offset": offset } });
    }
    const refuses = this.refuses.get(hash) ?? 0;
    if (isWhole && refuses > 0) {
      this.refuses.set(hash, refuses - 1);
      this.photos.delete(hash);
      return Response.json({ type: "urn:clearline:problem:photo", detail: "it is no picture" }, { status: 422 });
    }
    this.photos.set(hash, all);
    return new Response(null, { status: isWhole ? 201 : 204, headers: { "Upload-Offset": String(all.length) } });
  }

  #item(id: string): object {
    const { revision, content = "{}" } = this.records.get(id) ?? {};
    return { ...(JSON.parse(content) as object), revision };
  }

  #upload({ headers, body }: RequestInit, update: boolean): Response {
    const key = (headers as Record<string, string>)["Idempotency-Key"] ?? "";
    const { id, properties } = JSON.parse(body as string) as { id: string; properties: Record<string, unknown> };
    const { base_revision: base = null, ...content } = properties;
    this.log.push("record");
    this.uploads.push({ key, id, base: base as number | null, kind: content.kind, status: content.status });
    const before = this.#answers.get(key);
    if (before !== undefined) return Response.json(before);
    const answer = this.#judge(id, content as RecordFeature["properties"], base as number | null, update);
    if ("errors" in answer) return Response.json(answer, { status: 422 });
    this.#answers.set(key, answer);
    return Response.json(answer);
  }

  #judge(id: string, properties: RecordFeature["properties"], base: number | null, update: boolean): Record<string, unknown> {
    const content = JSON.stringify(properties);
    if (properties.kind === "fuze") return report("refused", id);
    const now = this.records.get(id);
    if (now?.content === content) return report("unchanged", id);
    if (now !== undefined && !(update && base === now.revision)) {
      this.aside.set(id, { feature: { type: "Feature", id, geometry: { type: "Point", coordinates: [46.3, 39.7] }, properties }, decision: "pending" });
      return report("held", id, { upload: `of-${id}` });
    }
    this.records.set(id, { revision: ++this.#revision, content });
    return report(now === undefined ? "created" : "updated", id, { revision: this.#revision });
  }
}
