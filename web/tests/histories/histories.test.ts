/**
 * Generated histories of two phones, a manager and bad networks, against one real server: CLEARLINE_URL, CLEARLINE_TOKEN of
 * an administrator. CLEARLINE_HISTORIES sets how many, CLEARLINE_SEED which.
 */

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { makeToken } from "../server.ts";
import { generated, type History } from "./actions.ts";
import { KEPT } from "./kept.ts";
import { program } from "./phone.ts";
import { seedOf } from "./random.ts";
import { Stage } from "./run.ts";
import { Manager } from "./server.ts";
import { reduced } from "./shrink.ts";

const HISTORIES = Number(process.env.CLEARLINE_HISTORIES ?? 300);
const SEED = Number(process.env.CLEARLINE_SEED ?? 17);
/** The number of concurrent histories. */
const LANES = 6;

let stage: Stage;

before(async () => {
  stage = new Stage(await program(), new Manager(await makeToken("manager", "Histories")));
});

for (const [name, history] of Object.entries(KEPT)) {
  test(name, async () => assert.deepEqual(await stage.play(history), []));
}

test(`${HISTORIES} histories from the seed ${SEED}`, { timeout: Math.max(120_000, HISTORIES * 2_000) }, async () => {
  const failed: { seed: number; history: History }[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (failed.length === 0 && next < HISTORIES) {
      const seed = seedOf(SEED, next++);
      const history = generated(seed);
      if ((await stage.play(history)).length > 0) failed.push({ seed, history });
      if (next % 1000 === 0) console.log(`# ${next} histories`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const [found] = failed;
  if (found === undefined) return;
  const { seed, history } = found;
  const small = await reduced(history, async (shorter) => (await stage.play(shorter)).length > 0);
  assert.fail(`the history of the seed ${seed} fails; reduced, it is\n${JSON.stringify(small)}\n${(await stage.play(small)).join("\n")}`);
});
