/**
 * Marks that would hide each other become one. Pure: positions are pixels within a tile.
 *
 * A mark stays at the place of its fullest part, which is the place of a record: an average would point to a place where
 * nothing was found.
 */

import type { Kind } from "../../../shared/api/types.ts";

/** A single record that a mark stands for. */
export interface Member {
  id: string;
  status: string;
  kind: string;
  quantity: number;
}

export interface Mark {
  x: number;
  y: number;
  records: number;
  quantity: number;
  detected: number;
  neutralised: number;
  kinds: ReadonlyMap<Kind, number>;
  /** The records, as far as the tile has them one by one. */
  members: readonly Member[];
}

/** The mark of a single record. */
export function single(x: number, y: number, member: Member): Mark {
  const { status, kind, quantity } = member;
  return {
    x,
    y,
    records: 1,
    quantity,
    detected: status === "detected" ? quantity : 0,
    neutralised: status === "neutralised" ? quantity : 0,
    kinds: new Map([[kind as Kind, quantity]]),
    members: [member],
  };
}

function sum(marks: readonly Mark[], of: (mark: Mark) => number): number {
  return marks.reduce((total, mark) => total + of(mark), 0);
}

/** One mark for several, at the place of the first. */
function joined(marks: readonly Mark[]): Mark {
  const [first] = marks;
  if (first === undefined) throw new Error("a mark stands for at least one record");
  if (marks.length === 1) return first;
  const kinds = new Map<Kind, number>();
  for (const mark of marks) for (const [kind, items] of mark.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + items);
  return {
    x: first.x,
    y: first.y,
    records: sum(marks, ({ records }) => records),
    quantity: sum(marks, ({ quantity }) => quantity),
    detected: sum(marks, ({ detected }) => detected),
    neutralised: sum(marks, ({ neutralised }) => neutralised),
    kinds,
    members: marks.flatMap(({ members }) => members),
  };
}

/**
 * Joins to each mark, starting with the fullest, the others within their `reach` in pixels, which is at most `furthest`. The
 * sums stay those of the marks given.
 */
export function gather(marks: readonly Mark[], reach: (mark: Mark, other: Mark) => number, furthest: number): Mark[] {
  const squares = new Map<string, Mark[]>();
  const square = (mark: Mark, right = 0, down = 0): string => `${Math.floor(mark.x / furthest) + right}/${Math.floor(mark.y / furthest) + down}`;
  for (const mark of marks) {
    const there = squares.get(square(mark));
    if (there === undefined) squares.set(square(mark), [mark]);
    else there.push(mark);
  }
  const around = (mark: Mark): Mark[] => [-1, 0, 1].flatMap((right) => [-1, 0, 1].flatMap((down) => squares.get(square(mark, right, down)) ?? []));
  const taken = new Set<Mark>();
  return [...marks]
    .sort((a, b) => b.quantity - a.quantity)
    .flatMap((mark) => {
      if (taken.has(mark)) return [];
      taken.add(mark);
      const near = around(mark).filter((other) => !taken.has(other) && Math.hypot(other.x - mark.x, other.y - mark.y) < reach(mark, other));
      for (const other of near) taken.add(other);
      return [joined([mark, ...near])];
    });
}
