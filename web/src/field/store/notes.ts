/** Single values stored by name. */

import type { Me } from "../../shared/api/access.ts";
import type { Lang } from "../../shared/text/index.ts";
import type { Draft } from "../draft.ts";
import { database, write, type Area } from "./db.ts";
import type { KeptDistricts } from "./districts.ts";

interface Notes {
  /** The signed-in user, as last reported by the server. */
  me: Me | null;
  areas: Area[];
  lang: Lang;
  /** The district boundaries. */
  districts: KeptDistricts;
  /** The latest time received from the server, in milliseconds. */
  server_time: number;
  /** The form as it was left. */
  draft: Draft;
  /** A new detection set aside for a correction; null if none. */
  begun: Draft | null;
}

export async function note<Name extends keyof Notes>(name: Name): Promise<Notes[Name] | undefined> {
  return (await (await database()).get("notes", name)) as Notes[Name] | undefined;
}

export async function keepNote<Name extends keyof Notes>(name: Name, value: Notes[Name]): Promise<void> {
  await write(["notes"], (transaction) => transaction.objectStore("notes").put(value, name));
}
