/** Builds the field page's service worker as one file that lists all files of the page. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build, type Plugin, type Rolldown } from "vite";

import { FILES } from "../src/map/layers/basemap.ts";

const WORKER = fileURLToPath(new URL("../src/field/worker/worker.ts", import.meta.url));

/** Files requested from the server's root, besides the built ones. */
const TOP = [...FILES.map((name) => `${name}.geojson`), "favicon.svg", "field.webmanifest", "field-192.png", "field-512.png", "field-maskable.png"];

export function fieldWorker(): Plugin {
  return {
    name: "clearline-field-worker",
    apply: "build",
    // Runs after the pages are written.
    enforce: "post",
    async generateBundle(_, bundle) {
      const assets = [...partsOf(bundle, "src/field/main.ts"), ...partsOf(bundle, "field.html")];
      const page = bundle["field.html"];
      if (page?.type !== "asset") throw new Error("the field page was not built");
      const hash = createHash("sha256").update(page.source);
      for (const name of TOP) hash.update(readFileSync(new URL(`../public/${name}`, import.meta.url)));
      const files = [...new Set(assets)].sort().concat(TOP).map((name) => `/${name}`);
      const version = hash.update(files.join()).digest("hex").slice(0, 16);
      this.emitFile({ type: "asset", fileName: "field-worker.js", source: await bundled({ version, files }) });
    },
  };
}

/** A chunk, everything it imports statically or dynamically, and the styles, fonts and workers that belong to them. */
function partsOf(bundle: Rolldown.OutputBundle, entry: string): string[] {
  const chunks = Object.values(bundle).filter((each): each is Rolldown.OutputChunk => each.type === "chunk");
  const wanted = chunks.filter(({ facadeModuleId }) => facadeModuleId?.endsWith(entry) === true).map(({ fileName }) => fileName);
  const found = new Set<string>();
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const part = bundle[name];
    if (part === undefined || found.has(name)) continue;
    found.add(name);
    if (part.type === "chunk") wanted.push(...part.imports, ...part.dynamicImports);
    // Styles, fonts and workers are only known by their names in scripts and styles.
    const text = part.type === "chunk" ? part.code : /\.(css|js)$/.test(name) ? String(part.source) : "";
    for (const other of Object.keys(bundle)) if (other.startsWith("assets/") && text.includes(other.slice("assets/".length))) wanted.push(other);
    if (part.type === "chunk") wanted.push(...(part.viteMetadata?.importedCss ?? []), ...(part.viteMetadata?.importedAssets ?? []));
  }
  return [...found];
}

async function bundled(page: { version: string; files: readonly string[] }): Promise<string> {
  const made = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { __PAGE__: JSON.stringify(page) },
    build: { write: false, target: "es2022", rolldownOptions: { input: WORKER, output: { format: "iife" } } },
  });
  const [output] = (Array.isArray(made) ? made : [made]) as Rolldown.RolldownOutput[];
  const [chunk] = output?.output ?? [];
  if (chunk?.type !== "chunk") throw new Error("the worker of the field page was not built");
  return chunk.code;
}
