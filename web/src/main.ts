import "@fontsource-variable/inter/wght.css";

import { mount } from "svelte";

import App from "./App.svelte";
import "./app.css";
import { shown as accidents } from "./collections/accidents/shown.svelte.ts";
import { printing } from "./print/printing.svelte.ts";
import { page } from "./state/page.svelte.ts";
import { session } from "./state/session.svelte.ts";

const target = document.getElementById("app");
if (target === null) throw new Error("the page has no place for the map");

// The signed-in user decides what is drawn, so find out first.
await session.read();
if (!session.closed) {
  page.start();
  accidents.start();
  printing.start();
}
mount(App, { target });
