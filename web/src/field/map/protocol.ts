/** Tiles of the districts stored on the phone, for MapLibre, under addresses such as `kept://AZ-KAL/9/321/195`. */

import { addProtocol } from "maplibre-gl";
import { PMTiles, type RangeResponse, type Source } from "pmtiles";

import type { AreaPackage } from "../store/db.ts";

const SCHEME = "kept";

/** Reads byte ranges of a file in the browser's storage. */
class BlobSource implements Source {
  readonly #id: string;
  readonly #blob: Blob;

  constructor(id: string, blob: Blob) {
    this.#id = id;
    this.#blob = blob;
  }

  getKey(): string {
    return this.#id;
  }

  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    return { data: await this.#blob.slice(offset, offset + length).arrayBuffer() };
  }
}

const archives = new Map<string, PMTiles>();

addProtocol(SCHEME, async ({ url }) => {
  const [id = "", z, x, y] = url.slice(`${SCHEME}://`.length).split("/");
  const tile = await archives.get(id)?.getZxy(Number(z), Number(x), Number(y));
  return { data: tile?.data ?? new ArrayBuffer(0) };
});

/** Registers a district's tiles and returns their address. */
export function tilesOf({ id, tiles }: AreaPackage): string {
  archives.set(id, new PMTiles(new BlobSource(id, tiles)));
  return `${SCHEME}://${id}/{z}/{x}/{y}`;
}
