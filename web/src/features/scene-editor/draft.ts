/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';
import type { NormPoint } from '@/lib/geometry/points.ts';
import { SLUG_MAX, slugOf } from '@/lib/slug.ts';

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

/** In the order in which a customer comes to them. */
export const LANE_PARTS = ['queue', 'service', 'exit', 'staff', 'path'] as const;

export type LanePart = (typeof LANE_PARTS)[number];
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
  /** People it is for, as typed; '' = no limit. */
  readonly capacity: string;
  readonly points: readonly NormPoint[];
};

/** points[0] is a, points[1] is b. */
export type LineShape = Common & {
  readonly type: 'line';
  readonly kind: LineKind;
  readonly points: readonly NormPoint[];
};

/** One area of a lane, or the path: the middle of its queue as an open line, the head first. */
export type AreaShape = {
  readonly type: 'area';
  /** areaKey() of these two. */
  readonly key: string;
  /** Key of the lane it belongs to. */
  readonly lane: string;
  readonly part: LanePart;
  readonly points: readonly NormPoint[];
};

/** What lies in it is black in every picture. It has no id: nothing is counted by it. */
export type MaskShape = {
  readonly type: 'mask';
  readonly key: string;
  /** "Mask 2": for people, made here and not stored. */
  readonly name: string;
  readonly points: readonly NormPoint[];
};

/** What the areas belong to: a till, a counter or a self-checkout with its line of people. */
export type LaneDraft = Common & {
  /** Id of the line that several lanes serve; null = its own. */
  readonly group: string | null;
  readonly selfCheckout: boolean;
};

export type NamedShape = ZoneShape | LineShape;
export type Shape = NamedShape | AreaShape | MaskShape;
export type Draft = {
  readonly shapes: readonly Shape[];
  readonly lanes: readonly LaneDraft[];
  /** Ids of groups that the ledger knows: they stay. */
  readonly savedGroups: readonly string[];
  readonly fullView: boolean;
  readonly measures: Measures;
};

/** What belongs to a floor in metres: a camera's calibration; or the floor plan's size, walls and obstacles. */
export type Measures = Pick<Schemas['SceneDrawing'], 'calibration' | 'plan' | 'walls' | 'obstacles'>;

export const emptyDraft: Draft = { shapes: [], lanes: [], savedGroups: [], fullView: false, measures: {} };

export const LIMITS = { zones: 64, lines: 32, lanes: 16, masks: 16, corners: 64, path: 16, nameBytes: 80, capacity: 10_000, slug: SLUG_MAX } as const;

export function shapeOf(draft: Draft, key: string | null): Shape | undefined {
  return key === null ? undefined : draft.shapes.find((s) => s.key === key);
}

/** The lane with this key, or the one that the area with this key belongs to. */
export function laneOf(draft: Draft, key: string | null): LaneDraft | undefined {
  const shape = shapeOf(draft, key);
  const lane = shape?.type === 'area' ? shape.lane : key;
  return draft.lanes.find((l) => l.key === lane);
}

export function areaKey(lane: string, part: LanePart): string {
  return `${lane}:${part}`;
}

export function areaOf(draft: Draft, lane: string, part: LanePart): AreaShape | undefined {
  const shape = shapeOf(draft, areaKey(lane, part));
  return shape?.type === 'area' ? shape : undefined;
}

export function isNamed(shape: Shape): shape is NamedShape {
  return shape.type === 'zone' || shape.type === 'line';
}

export function masksOf(draft: Draft): MaskShape[] {
  return draft.shapes.filter((s) => s.type === 'mask');
}

export function isArea(shape: Shape): shape is AreaShape {
  return shape.type === 'area';
}

/** Ids of the lines that lanes share, in order of the lanes. */
export function groupsOf(draft: Draft): string[] {
  return [...new Set(draft.lanes.flatMap((lane) => lane.group ?? []))];
}

/** Fewest and most points that a drawing of this kind may have. */
export function pointLimits(kind: 'zone' | 'line' | 'mask' | LanePart): readonly [number, number] {
  if (kind === 'line') return [2, 2];
  return kind === 'path' ? [2, LIMITS.path] : [3, LIMITS.corners];
}

export function limitsOf(shape: Shape): readonly [number, number] {
  return pointLimits(shape.type === 'area' ? shape.part : shape.type);
}

type IdKind = NamedShape['type'] | 'lane' | 'group';

/** A slug of this name that nothing else of the same kind has. Lanes and groups are of one kind. */
export function freeId(draft: Draft, kind: IdKind, name: string, except?: string): string {
  const base = slugOf(name) || kind;
  const taken = new Set(idsOf(draft, kind, except));
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `-${n}`;
    const id = base.slice(0, LIMITS.slug - suffix.length) + suffix;
    if (!taken.has(id)) return id;
  }
}

function idsOf(draft: Draft, kind: IdKind, except?: string): string[] {
  if (kind === 'zone' || kind === 'line')
    return draft.shapes.flatMap((s) => (s.type === kind && s.key !== except ? [s.id] : []));
  return [...draft.lanes.filter((l) => l.key !== except).map((l) => l.id), ...groupsOf(draft)];
}

const WORDS: Record<IdKind, string> = { zone: 'Zone', line: 'Line', lane: 'Lane', group: 'Line' };

/** "Zone 3": the first number that is not used yet. */
export function freeName(draft: Draft, kind: NamedShape['type'] | 'lane'): string {
  const word = WORDS[kind];
  const taken = new Set([
    ...draft.shapes.flatMap((s) => (s.type === 'area' ? [] : [s.name])),
    ...draft.lanes.map((l) => l.name),
  ]);
  let n = 1;
  while (taken.has(`${word} ${n}`)) n++;
  return `${word} ${n}`;
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
