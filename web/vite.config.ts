import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

import { fieldWorker } from "./scripts/field-worker.ts";
import { plainStyle } from "./src/map/plain.ts";

/** The address of a running Clearline for `npm run dev`: Vite serves the page, the program the data. */
const server = process.env.CLEARLINE_URL ?? "http://127.0.0.1:8080";
const served = ["/tiles", "/summary", "/collections", "/search", "/events", "/export", "/style.json", "/me", "/session", "/review", "/tokens", "/uploads", "/photos"];

/** Writes the style that the server serves at /style.json, in the colours of the page's map. */
function styleFile(): Plugin {
  return {
    name: "clearline-style",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "style.json", source: JSON.stringify(plainStyle(), null, 1) });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), styleFile(), fieldWorker()],
  build: { target: "es2022", chunkSizeWarningLimit: 1500, assetsInlineLimit: 0, rolldownOptions: { input: ["index.html", "field.html"] } },
  worker: { format: "es" },
  server: { proxy: Object.fromEntries(served.map((path) => [path, { target: server, changeOrigin: true }])) },
  test: { include: ["tests/unit/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
