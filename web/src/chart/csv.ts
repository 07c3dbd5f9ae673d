/** Writes CSV. Pure. */

import type { Statement } from "./provenance.ts";

type Cell = string | number | null;

/**
 * Rows with their provenance in columns that repeat in every row: most programs would read lines before the heading as data,
 * and a row copied elsewhere keeps its source.
 */
export function withStatements(heading: readonly string[], rows: readonly (readonly Cell[])[], statements: readonly Statement[]): string {
  const said = statements.map(({ text, plain }) => plain ?? text);
  return [[...heading, ...statements.map(({ name }) => name)], ...rows.map((row) => [...row, ...said])].map((row) => row.map(cell).join(",") + "\r\n").join("");
}

/** A cell as of RFC 4180, with an apostrophe before text that a spreadsheet would read as a formula; empty if unknown. */
function cell(value: Cell): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
