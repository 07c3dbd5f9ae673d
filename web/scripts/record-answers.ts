/** Records the real server's responses to a phone, for the unit tests: `scripts/web-tests.sh PROGRAM record`. */

import { writeFileSync } from "node:fs";

import { play, steady } from "../tests/recorded.ts";

const file = new URL("../tests/unit/recorded/answers.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(steady(await play()), null, 1)}\n`);
console.log(`wrote ${file.pathname}`);
