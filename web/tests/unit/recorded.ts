/** Recorded responses of the real server (`recorded/answers.json`), adapted to a test's records and revisions. */

import type { RecordFeature } from "../../src/field/record.ts";
import type { Told, ToldClaim } from "../../src/field/store/db.ts";
import answers from "./recorded/answers.json" with { type: "json" };

export type Way = keyof typeof answers.records;

interface Mine {
  id: string;
  revision?: number | undefined;
  reason?: string | undefined;
  feature?: Pick<RecordFeature, "geometry" | "properties"> | undefined;
  claims?: ToldClaim[];
}

/** The response about a record in this state, adapted to this one. */
export function told(way: Way, { id, revision, reason, feature, claims }: Mine): Told {
  const said = structuredClone(answers.records[way]) as unknown as Told;
  said.id = id;
  if (said.revision !== undefined && revision !== undefined) said.revision = revision;
  if (said.reason !== undefined && reason !== undefined) said.reason = reason;
  if (said.feature !== undefined) said.feature = featureOf(said.feature, id, feature, revision);
  said.claims = claims ?? said.claims.map((claim) => ({ ...claim, feature: featureOf(claim.feature, id, feature, undefined) }));
  return said;
}

/** The response about a held write with this decision. */
export function claim(way: "pending" | "accepted" | "dismissed" | "withdrawn", upload: string, wanted: RecordFeature, reason?: string): ToldClaim {
  const [said] = structuredClone(answers.records[way].claims) as unknown as ToldClaim[];
  if (said === undefined) throw new Error(`no response is recorded for ${way}`);
  return { ...said, upload, ...(reason !== undefined && { reason }), feature: featureOf(said.feature, wanted.id, wanted, undefined) };
}

function featureOf(said: RecordFeature, id: string, mine: Mine["feature"], revision: number | undefined): RecordFeature {
  const { review, updated_at, region } = said.properties;
  const derived = { review, updated_at, region, revision: revision ?? said.properties.revision };
  return { type: "Feature", id, geometry: mine?.geometry ?? said.geometry, properties: { ...(mine?.properties ?? said.properties), ...derived } };
}

/** A report on an upload of one record. */
export function report(way: keyof typeof answers.uploads, id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const said = JSON.stringify(answers.uploads[way]).replace(/(?<="(?:id|value)":")[0-9a-f-]{36}(?=")/g, id);
  return { ...(JSON.parse(said) as Record<string, unknown>), ...more };
}
