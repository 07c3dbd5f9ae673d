/** Saves a chart as it stands on the screen: with title, notice and its own colours. */

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
  notice: string;
  /** What the colours mean, with their CSS variables. */
  key: { colour: string; text: string }[];
}

/** A copy that stands alone: CSS variables become colours, a title above, the notice below. */
function standalone(svg: SVGSVGElement, { title, notice, key }: Words): { text: string; width: number; height: number } {
  const style = getComputedStyle(svg);
  const margin = 8;
  const [width, inner] = [svg.clientWidth + 2 * margin, svg.clientHeight];
  const [above, below] = [52, 28];
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
  copy.append(paper, words(title, 20, 12, "var(--ink)"), keys, body, words(notice, height - 9, 9, "var(--ink-2)"));
  const text = new XMLSerializer().serializeToString(copy).replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim());
  return { text, width, height };
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
  canvas.toBlob((blob) => {
    if (blob !== null) save(blob, `${name}.png`);
  });
}
