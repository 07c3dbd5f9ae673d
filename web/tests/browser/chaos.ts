/** A mountain network: limited bandwidth, and connections that are reset in the middle of a transfer. */

import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface Weather {
  /** The probability, per piece of data in either direction, that its connection is reset. */
  resets: number;
  /** Null for full speed. */
  bytes_per_s: number | null;
}

export interface Chaos {
  url: string;
  be: (weather: Weather) => void;
  close: () => Promise<void>;
}

/** The latency of a piece, in addition to its transfer time. */
const LATENCY_MS = 150;

export async function chaos(server: string): Promise<Chaos> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  let weather: Weather = { resets: 0, bytes_per_s: null };

  const pump = (from: Socket, to: Socket): void => {
    from.on("data", (data) => {
      if (Math.random() < weather.resets) {
        // Half of them after the data has arrived, but not its response.
        if (Math.random() < 0.5) to.write(data);
        setTimeout(() => {
          from.resetAndDestroy();
          to.destroy();
        }, 30);
        from.pause();
      } else if (weather.bytes_per_s === null) to.write(data);
      else {
        from.pause();
        setTimeout(
          () => {
            if (!to.destroyed) to.write(data);
            from.resume();
          },
          (data.length / weather.bytes_per_s) * 1000 + LATENCY_MS,
        );
      }
    });
  };

  const listener = createServer((phone) => {
    const program = connect(Number(port), hostname);
    const end = (): void => {
      phone.destroy();
      program.destroy();
    };
    for (const socket of [phone, program]) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    pump(phone, program);
    pump(program, phone);
  });
  await new Promise<void>((listening) => listener.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    be: (now) => {
      weather = now;
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((closed) => {
        listener.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
