/* SPDX-License-Identifier: Apache-2.0 */
import type { PixelPoint, Size } from './points.ts';

/* Where the names of shapes stand so that none covers another: within their shape, turned where it
 * is narrow and tall, cut short where there is no more room, and left out where even that would
 * only be in the way. Pure; pixels in, pixels out. */

export type LabelWish = {
  key: string;
  text: string;
  /** The outline of its shape, at least three corners. */
  points: readonly PixelPoint[];
  /** The lower, the sooner it gets its place; within a rank the larger shape first. */
  rank: number;
  /** Stands in full whatever it covers: of the shape that is worked on. */
  must?: boolean;
};

/** `x`, `y`: the middle of the text; `turned`: it reads from below. */
export type PlacedLabel = { key: string; text: string; x: number; y: number; turned: boolean };

type Box = { left: number; top: number; right: number; bottom: number };
type Candidate = Omit<PlacedLabel, 'key'>;

/** Width of a letter against the size of the font, on the safe side for Inter at 600. */
const LETTER = 0.6;
const LINE = 1.25;
const PAD = 2;
/** A name may reach out of its shape so far, as a share of the shape's width there. */
const OVERHANG = 2;
const LEAST_LETTERS = 4;

export function placeLabels(wishes: readonly LabelWish[], size: Size, fontSize: number): PlacedLabel[] {
  const taken: Box[] = [];
  const placed: PlacedLabel[] = [];
  for (const wish of inOrder(wishes)) {
    const candidates = candidatesOf(wish, fontSize).map((c) => within(c, size, fontSize));
    const free = candidates.find((c) => !taken.some((box) => overlaps(box, boxOf(c, fontSize))));
    const found = free ?? (wish.must ? candidates[0] : undefined);
    if (!found) continue;
    taken.push(boxOf(found, fontSize));
    placed.push({ key: wish.key, ...found });
  }
  return placed;
}

/** The room that a label takes; two of `placeLabels` never share any. */
export function boxOf({ text, x, y, turned }: Candidate, fontSize: number): Box {
  const along = widthOf(text, fontSize) / 2;
  const across = (fontSize * LINE) / 2;
  const [w, h] = turned ? [across, along] : [along, across];
  return { left: x - w, top: y - h, right: x + w, bottom: y + h };
}

function inOrder(wishes: readonly LabelWish[]): LabelWish[] {
  const size = new Map(wishes.map((wish) => [wish, areaOf(wish.points)]));
  return wishes
    .filter(({ text, points }) => text !== '' && points.length > 2)
    .sort(
      (a, b) =>
        Number(b.must ?? false) - Number(a.must ?? false) || a.rank - b.rank || size.get(b)! - size.get(a)!,
    );
}

function candidatesOf({ text, points, must }: LabelWish, fontSize: number): Candidate[] {
  const bounds = boundsOf(points);
  const line = fontSize * LINE;
  const rows = [bounds.top + line / 2 + 3, (bounds.top + bounds.bottom) / 2, bounds.bottom - line / 2 - 3]
    .map((y) => ({ y, span: widest(points, y) }))
    .filter(({ span }) => span.right > span.left);
  const full = widthOf(text, fontSize);
  const at = (row: (typeof rows)[number], words: string): Candidate => ({
    ...{ text: words, x: (row.span.left + row.span.right) / 2, y: row.y, turned: false },
  });
  const room = (row: (typeof rows)[number]) => row.span.right - row.span.left;
  const fitting = rows.filter((row) => full <= room(row)).map((row) => at(row, text));
  const turned = rows.slice(1, 2).filter((row) => full <= bounds.bottom - bounds.top && line <= room(row));
  const reaching = rows.filter((row) => must || full <= room(row) * OVERHANG).map((row) => at(row, text));
  const cut = rows.flatMap((row) => {
    const words = shorten(text, room(row), fontSize);
    return words === '' ? [] : [at(row, words)];
  });
  return [...fitting, ...turned.map((row) => ({ ...at(row, text), turned: true })), ...reaching, ...cut];
}

function shorten(text: string, room: number, fontSize: number): string {
  const letters = Math.floor((room - 2 * PAD) / (fontSize * LETTER));
  return letters < LEAST_LETTERS || letters >= text.length ? '' : `${text.slice(0, letters - 1).trimEnd()}…`;
}

/** Moved as far as it must be to be seen whole. */
function within(c: Candidate, size: Size, fontSize: number): Candidate {
  const box = boxOf(c, fontSize);
  const dx = Math.max(0, -box.left) - Math.max(0, box.right - size.w);
  const dy = Math.max(0, -box.top) - Math.max(0, box.bottom - size.h);
  return { ...c, x: c.x + dx, y: c.y + dy };
}

/** The widest part of the shape at this height. */
function widest(points: readonly PixelPoint[], y: number): { left: number; right: number } {
  const crossings = points
    .flatMap((p, i) => {
      const q = points[(i + 1) % points.length] ?? p;
      return p.y > y === q.y > y ? [] : [p.x + ((q.x - p.x) * (y - p.y)) / (q.y - p.y)];
    })
    .sort((a, b) => a - b);
  let best = { left: 0, right: 0 };
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [left, right] = [crossings[i] ?? 0, crossings[i + 1] ?? 0];
    if (right - left > best.right - best.left) best = { left, right };
  }
  return best;
}

function boundsOf(points: readonly PixelPoint[]): Box {
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function areaOf(points: readonly PixelPoint[]): number {
  const { left, top, right, bottom } = boundsOf(points);
  return (right - left) * (bottom - top);
}

function widthOf(text: string, fontSize: number): number {
  return text.length * fontSize * LETTER + 2 * PAD;
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
