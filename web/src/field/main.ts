import "@fontsource-variable/inter/wght.css";

import { mount } from "svelte";

import Field from "./Field.svelte";
import "./field.css";
import { field } from "./field.svelte.ts";
import { NoRoom } from "./store/db.ts";
import { installation } from "./installation.svelte.ts";

const target = document.getElementById("field");
if (target === null) throw new Error("the page has no place for its screens");

// Without https there is no storage and no worker; some private windows have no storage either.
field.keeps = isSecureContext && (await field.start().then(
  () => true,
  (error: unknown) => {
    field.full = error instanceof NoRoom;
    return false;
  },
));
mount(Field, { target });
if (field.keeps) void installation.start();
