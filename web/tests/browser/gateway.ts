/**
 * The connection from a phone to the server, which can be cut, and can lose the response to a request the server has
 * processed: the browser itself cannot be made to do exactly that.
 */

import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A record as it arrived in the body of an upload. */
export interface Upload {
  key: string | undefined;
  id: string;
  properties: Record<string, unknown>;
}

export interface Gateway {
  url: string;
  /** Every upload that reached the server, in order, whether or not its response came back. */
  uploads: Upload[];
  cut: () => void;
  mend: () => void;
  /** From now on the page is another version. */
  update: () => void;
  /** The number of uploads whose responses are lost from now on. */
  loseAnswers: (n: number) => void;
  close: () => Promise<void>;
}

export async function gateway(server: string): Promise<Gateway> {
  const uploads: Upload[] = [];
  const sockets = new Set<Socket>();
  let open = true;
  let losing = 0;
  let version = "";

  const answer = async (asked: IncomingMessage, answered: ServerResponse): Promise<void> => {
    const body = await bodyOf(asked);
    if (!open) return void asked.socket.destroy();
    const path = asked.url ?? "/";
    const isUpload = asked.method === "POST" && path.startsWith("/uploads");
    if (isUpload) uploads.push(uploadOf(asked, body));
    const given = await forward(server, asked, body);
    if (isUpload && losing > 0) {
      losing -= 1;
      return void asked.socket.destroy();
    }
    if (path === "/field-worker.js") {
      given.body = Buffer.from(given.body.toString() + version);
      for (const name of ["content-length", "etag"]) Reflect.deleteProperty(given.headers, name);
    }
    answered.writeHead(given.status, given.headers);
    answered.end(asked.method === "HEAD" ? undefined : given.body);
  };

  const listener = createServer((asked, answered) => {
    answer(asked, answered).catch(() => asked.socket.destroy());
  });
  listener.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (!open) socket.destroy();
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    uploads,
    cut: () => {
      open = false;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => (open = true),
    update: () => (version = "\n// Another version."),
    loseAnswers: (n) => (losing = n),
    close: () =>
      new Promise((closed) => {
        listener.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export interface Given {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

function forward(server: string, asked: IncomingMessage, body: Buffer): Promise<Given> {
  return new Promise((given, failed) => {
    // With the requested host name, so that page and session share one origin; uncompressed, so that it can be modified.
    const headers: IncomingHttpHeaders = { ...asked.headers, "accept-encoding": "identity" };
    if (asked.url === "/field-worker.js") delete headers["if-none-match"];
    const passed = request(server + (asked.url ?? "/"), { method: asked.method, headers }, (response) => {
      bodyOf(response).then((bytes) => {
        const headers = { ...response.headers };
        Reflect.deleteProperty(headers, "transfer-encoding");
        given({ status: response.statusCode ?? 502, headers: headers as Given["headers"], body: bytes });
      }, failed);
    });
    passed.on("error", failed);
    passed.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function uploadOf(asked: IncomingMessage, body: Buffer): Upload {
  const { id, properties } = JSON.parse(body.toString()) as { id: string; properties: Record<string, unknown> };
  const key = asked.headers["idempotency-key"];
  return { key: typeof key === "string" ? key : undefined, id, properties };
}
