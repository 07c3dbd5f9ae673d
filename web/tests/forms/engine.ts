/** The forms engine of ODK Web Forms. It is made for browsers: under Node it is given the DOM that it reads forms with. */

import { JSDOM } from "jsdom";

const { document, DOMParser, Node } = new JSDOM().window;
// Its build looks for the folder of a script that a bundler would have put beside it, and does not use it.
Object.assign(globalThis, { document, DOMParser, Node, __dirname: "" });

export const { loadForm } = await import("@getodk/xforms-engine");
