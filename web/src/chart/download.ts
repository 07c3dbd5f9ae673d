/** Saves a chart as shown on the screen, in its own colours, with a title and its provenance. */

import { withText } from "./png.ts";
import { inLines, type Statement } from "./provenance.ts";

const NS = "http://www.w3.org/2000/svg";

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function saveCsv(text: string, name: string): void {
  save(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
}

interface Words {
  title: string;
  statements: readonly Statement[];
  /** The legend: labels with their CSS variables. */
  key: { colour: string; text: string }[];
}

/** The average width of a letter in a 9 px caption. */
const LETTER_PX = 5;
const LINE_PX = 12;

/** Wraps a line to the width; breaks words that do not fit, such as addresses. */
export function wrapped(line: string, most: number): string[] {
  const lines: string[] = [];
  let now = "";
  for (const word of line.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${most}}`, "gu")) ?? [])) {
    if (now !== "" && now.length + 1 + word.length > most) {
      lines.push(now);
      now = word;
    } else now = now === "" ? word : `${now} ${word}`;
  }
  return now === "" ? lines : [...lines, now];
}

/** Returns a standalone copy: CSS variables resolved to colours, a title above and the provenance below. */
function standalone(svg: SVGSVGElement, { title, statements, key }: Words): { text: string; width: number; height: number } {
  const style = getComputedStyle(svg);
  const margin = 8;
  const [width, inner] = [svg.clientWidth + 2 * margin, svg.clientHeight];
  const said = inLines(statements);
  const caption = said.flatMap((line) => wrapped(line, Math.floor((width - 2 * margin) / LETTER_PX)));
  const [above, below] = [52, 16 + caption.length * LINE_PX];
  const height = inner + above + below;
  const copy = document.createElementNS(NS, "svg");
  copy.setAttribute("xmlns", NS);
  copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("font-family", "Inter, Noto Sans, sans-serif");
  const paper = document.createElementNS(NS, "rect");
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", "var(--paper)");
  const words = (text: string, y: number, size: number, colour: string): SVGTextElement => {
    const element = document.createElementNS(NS, "text");
    element.setAttribute("x", "8");
    element.setAttribute("y", String(y));
    element.setAttribute("font-size", String(size));
    element.setAttribute("fill", colour);
    element.textContent = text;
    return element;
  };
  const body = document.createElementNS(NS, "g");
  body.setAttribute("transform", `translate(${margin} ${above})`);
  body.setAttribute("font-size", "11");
  for (const child of svg.children) if (child.getAttribute("data-hover") === null) body.append(child.cloneNode(true));
  const keys = words("", 38, 11, "var(--ink)");
  for (const { colour, text } of key) {
    const part = document.createElementNS(NS, "tspan");
    part.setAttribute("fill", colour);
    part.textContent = "■ ";
    keys.append(part, `${text}    `);
  }
  keys.setAttribute("style", "white-space: pre");
  const told = (name: string, text: string): Element => {
    const element = document.createElementNS(NS, name);
    element.textContent = text;
    return element;
  };
  copy.append(told("title", title), told("desc", said.join("\n")), metadata(title, statements));
  copy.append(paper, words(title, 20, 12, "var(--ink)"), keys, body);
  caption.forEach((line, i) => copy.append(words(line, above + inner + 16 + i * LINE_PX, 9, "var(--ink-2)")));
  const text = new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim());
  return { text, width, height };
}

/** The statements by name, for programs. */
function metadata(title: string, statements: readonly Statement[]): Element {
  const element = document.createElementNS(NS, "metadata");
  element.textContent = JSON.stringify(Object.fromEntries([["title", title], ...statements.map(({ name, text, plain }) => [name, plain ?? text])]));
  return element;
}

export function saveSvg(svg: SVGSVGElement, words: Words, name: string): void {
  save(new Blob([standalone(svg, words).text], { type: "image/svg+xml" }), `${name}.svg`);
}

export async function savePng(svg: SVGSVGElement, words: Words, name: string): Promise<void> {
  const { text, width, height } = standalone(svg, words);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  const scale = 3;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made));
  if (blob === null) return;
  const { title, statements } = words;
  const texts: [string, string][] = [["Title", title], ["Software", "Clearline"], ["Description", inLines(statements).join("\n")], ...statements.filter(({ text }) => text !== "").map(({ name, text, plain }): [string, string] => [`clearline:${name}`, plain ?? text])];
  save(new Blob([withText(new Uint8Array(await blob.arrayBuffer()), texts)], { type: "image/png" }), `${name}.png`);
}
