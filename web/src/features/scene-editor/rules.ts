/* SPDX-License-Identifier: Apache-2.0 */
import type { NormPoint } from '@/lib/geometry/points.ts';
import { crossesItself, polygonArea } from '@/lib/geometry/shapes.ts';
import { LIMITS } from './draft.ts';

/* Rules of a single value, the same for zones, lines and lanes: what is wrong in words, or null. */

/* As the server refuses it. A place to stand is a small share of a large floor plan. */
const LEAST_AREA = 1e-5;
const SLUG = /^[a-z0-9-]{1,40}$/;

export function nameFault(name: string): string | null {
  if (name.trim() === '') return 'Give it a name.';
  const bytes = new TextEncoder().encode(name).length;
  return bytes > LIMITS.nameBytes ? `The name is longer than ${LIMITS.nameBytes} bytes.` : null;
}

export function slugFault(id: string): string | null {
  return SLUG.test(id) ? null : 'Use 1 to 40 small letters, digits and hyphens.';
}

export function polygonFault(points: readonly NormPoint[]): string | null {
  if (points.length < 3) return 'It needs at least three corners.';
  if (crossesItself(points)) return 'Its edges cross or touch each other. Move a corner, or delete one that stands there twice.';
  return polygonArea(points) < LEAST_AREA ? 'It is too small to stand in.' : null;
}
