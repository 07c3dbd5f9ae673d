import "@fontsource-variable/inter/wght.css";

import { mount } from "svelte";

import Field from "./Field.svelte";
import "./field.css";
import { field } from "./field.svelte.ts";
import { installation } from "./installation.svelte.ts";

const target = document.getElementById("field");
if (target === null) throw new Error("the page has no place for its screens");

await field.start();
mount(Field, { target });
void installation.start();
