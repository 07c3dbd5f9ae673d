/** `--check`: validates the styles against the style specification. Without it, prints the style that is served. */

import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";

import { SHARE } from "../src/map/measure.ts";
import { paletteOf } from "../src/map/palette.ts";
import { plainStyle } from "../src/map/plain.ts";
import { pageStyle } from "../src/map/style.ts";

const drawing = { lang: "az", fullRing: 50, region: "AZ-KAL", measure: SHARE, coarse: true, leaf: 0, turning: true, turnMs: 150 } as const;
const styles = {
  "style.json": plainStyle(),
  "light page": pageStyle("http://localhost", { ...drawing, palette: paletteOf("light") }, ""),
  "dark page": pageStyle("http://localhost", { ...drawing, palette: paletteOf("dark") }, "?status=detected"),
};

if (process.argv.includes("--check")) {
  const problems = Object.entries(styles).flatMap(([name, style]) =>
    validateStyleMin(style).map((error) => `${name}: ${error.message}`),
  );
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exit(1);
  console.log(`${Object.keys(styles).length} styles match the specification`);
} else {
  console.log(JSON.stringify(styles["style.json"], null, 1));
}
