/** Groups and orders reported figures: figures published together, totals before their parts. Pure. */

import type { ReportedFigure } from "../shared/api/types.ts";

export interface Entry {
  figure: ReportedFigure;
  /** 0 for a total or an independent figure, 1 for its parts, 2 for theirs. */
  depth: number;
}

/** The figures of one source for one period. */
export interface Group {
  id: string;
  source: ReportedFigure["source"];
  period: ReportedFigure["period"];
  entries: Entry[];
  /** The distinct notes. */
  notes: string[];
}

/** Figures of accidents; the others are of clearance. */
const OF_ACCIDENTS = new Set(["casualties", "victims", "killed", "injured"]);

/** Clearance before accidents; within each, figures that name the region itself first, then the others in their original order. */
export function groups(figures: readonly ReportedFigure[], region: string): Group[] {
  const ids = new Set(figures.map(({ id }) => id));
  const isPart = ({ part_of }: ReportedFigure): boolean => part_of !== null && ids.has(part_of);
  const withParts = (figure: ReportedFigure, depth: number): Entry[] => [
    { figure, depth },
    ...figures.filter(({ part_of }) => part_of === figure.id).flatMap((part) => withParts(part, depth + 1)),
  ];
  const found = new Map<string, Group>();
  const first = figures.filter((each) => !isPart(each)).sort((a, b) => isOfAccidents(a) - isOfAccidents(b));
  for (const figure of first) {
    const { source, period } = figure;
    const id = JSON.stringify([source.title, source.publisher, source.quoting, source.published, period.from, period.to]);
    const group = found.get(id) ?? { id, source, period, entries: [], notes: [] };
    group.entries.push(...withParts(figure, 0));
    found.set(id, group);
  }
  for (const group of found.values()) {
    group.notes = newSentences(group.entries.map(({ figure }) => figure.note).filter((note) => note !== null));
  }
  const names = (group: Group): number => (group.entries.some(({ figure }) => figure.regions.includes(region)) ? 0 : 1);
  const lead = ({ entries }: Group): number => Math.min(...entries.map(({ figure }) => isOfAccidents(figure)));
  return [...found.values()].sort((a, b) => lead(a) - lead(b) || names(a) - names(b));
}

function isOfAccidents({ measure }: ReportedFigure): 0 | 1 {
  return OF_ACCIDENTS.has(measure) ? 1 : 0;
}

/** The notes without the sentences of earlier ones: the notes of figures published together repeat each other. */
function newSentences(notes: readonly string[]): string[] {
  const said = new Set<string>();
  return notes
    .map((note) => {
      const fresh = note.split(/(?<=[.!?])\s+(?=\p{Lu})/u).filter((sentence) => !said.has(sentence));
      for (const sentence of fresh) said.add(sentence);
      return fresh.join(" ");
    })
    .filter((note) => note !== "");
}

/** The data's text for an unrecorded source. */
export function isKept(text: string | null): text is string {
  return text !== null && text !== "" && text !== "not recorded";
}
