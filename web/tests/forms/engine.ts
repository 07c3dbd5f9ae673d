/** The forms engine of ODK Web Forms. It is made for browsers: under Node it gets the DOM it reads forms with. */

import { JSDOM } from "jsdom";

const { document, DOMParser, Node } = new JSDOM().window;
// Its build looks for the folder of a script that a bundler would have added, and does not use it.
Object.assign(globalThis, { document, DOMParser, Node, __dirname: "" });

export const { loadForm } = await import("@getodk/xforms-engine");
