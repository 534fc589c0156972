/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';
import type { NormPoint } from '@/lib/geometry/points.ts';

/* What is being drawn on one camera's picture. The scene of the API becomes this and back in
 * scene-codec.ts. */

export const ZONE_KINDS = [
  'general',
  'entrance',
  'product',
  'promotion',
  'checkout',
  'fitting',
  'service',
  'staff-only',
  'corridor',
] as const;
export const LINE_KINDS = ['entrance', 'pass-by', 'internal'] as const;

export type ZoneKind = (typeof ZONE_KINDS)[number];
export type LineKind = (typeof LINE_KINDS)[number];

type Common = {
  /** Names the shape within the editor; the id may still change. */
  readonly key: string;
  readonly id: string;
  readonly name: string;
  /** Saved once: its id is in the ledger and stays. */
  readonly saved: boolean;
};

export type ZoneShape = Common & {
  readonly type: 'zone';
  readonly kind: ZoneKind;
  readonly parent: string | null;
  readonly points: readonly NormPoint[];
};

/** points[0] is a, points[1] is b. */
export type LineShape = Common & {
  readonly type: 'line';
  readonly kind: LineKind;
  readonly points: readonly NormPoint[];
};

export type Shape = ZoneShape | LineShape;
export type Draft = {
  readonly shapes: readonly Shape[];
  readonly fullView: boolean;
  /** Not drawn here: they go back as they came. */
  readonly lanes?: Schemas['Lane'][];
};

export const emptyDraft: Draft = { shapes: [], fullView: false };

export const LIMITS = { zones: 64, lines: 32, corners: 64, nameBytes: 80, slug: 40 } as const;

export function shapeOf(draft: Draft, key: string | null): Shape | undefined {
  return key === null ? undefined : draft.shapes.find((s) => s.key === key);
}

/** "Café & Bar 2" → "cafe-bar-2": the form of every id. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LIMITS.slug)
    .replace(/-+$/, '');
}

/** A slug of this name that no other shape of the same type has. */
export function freeId(draft: Draft, type: Shape['type'], name: string, except?: string): string {
  const base = slugOf(name) || type;
  const taken = new Set(draft.shapes.filter((s) => s.type === type && s.key !== except).map((s) => s.id));
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `-${n}`;
    const id = base.slice(0, LIMITS.slug - suffix.length) + suffix;
    if (!taken.has(id)) return id;
  }
}

/** "Zone 3": the first number that is not used yet. */
export function freeName(draft: Draft, type: Shape['type']): string {
  const word = type === 'zone' ? 'Zone' : 'Line';
  const taken = new Set(draft.shapes.map((s) => s.name));
  let n = 1;
  while (taken.has(`${word} ${n}`)) n++;
  return `${word} ${n}`;
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
