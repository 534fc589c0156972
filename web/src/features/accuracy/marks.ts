/* SPDX-License-Identifier: Apache-2.0 */

/* What somebody marks while a clip plays. */

export type Direction = 'in' | 'out';
/** `at`: when the picture was taken, ms. */
export type Mark = { at: number; direction: Direction };
export type Span = { from: number; to: number };

/** The clip shows so much before and after, and marks there are taken: the server pairs them too. */
export const MARGIN_MS = 3000;

/** Null for a key that means nothing here. */
export function directionOf(key: string): Direction | null {
  if (key === 'i' || key === 'I' || key === 'ArrowUp') return 'in';
  if (key === 'o' || key === 'O' || key === 'ArrowDown') return 'out';
  return null;
}

/** In order of making, so that undo takes back the last one; unchanged outside the clip. */
export function withMark(marks: readonly Mark[], mark: Mark, { from, to }: Span): readonly Mark[] {
  const fits = mark.at >= from - MARGIN_MS && mark.at <= to + MARGIN_MS;
  return fits ? [...marks, mark] : marks;
}

/** Of those inside the interval. */
export function countOf(marks: readonly Mark[], direction: Direction, { from, to }: Span): number {
  return marks.filter((mark) => mark.direction === direction && mark.at >= from && mark.at < to).length;
}

/** Whether the clip was watched to its end: only then is what was not marked not there. */
export function isWatched(reached: number | null, { to }: Span): boolean {
  return reached !== null && reached >= to - 1000;
}
