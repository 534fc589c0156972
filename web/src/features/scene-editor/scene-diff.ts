/* SPDX-License-Identifier: Apache-2.0 */
import type { Scene } from '@/lib/api/cameras.ts';

/* What changed from one version of a scene to another, by name. */

export type Change = 'added' | 'removed' | 'moved' | 'changed';
export type Difference = { change: Change; what: string; name: string; detail: string };
export type Outline = { key: string; points: readonly (readonly number[])[]; open: boolean; change: Change | null };

type Part = { name: string; points: readonly (readonly number[])[]; open: boolean };
type Thing = {
  key: string;
  what: string;
  name: string;
  parts: readonly Part[];
  facts: Readonly<Record<string, unknown>>;
};

export function differences(before: Scene, after: Scene): Difference[] {
  const [old, now] = [thingsOf(before), thingsOf(after)];
  const gone = old.filter((t) => !find(now, t.key)).map((t) => told('removed', t, ''));
  const rest = now.flatMap((t) => {
    const was = find(old, t.key);
    return was ? compare(was, t) : [told('added', t, '')];
  });
  return [...gone, ...rest, ...settings(before, after)];
}

/** Outlines of a version, each with what becomes or became of it in the other one. */
export function outlines(scene: Scene, other: Scene, way: 'before' | 'after'): Outline[] {
  const others = thingsOf(other);
  return thingsOf(scene).flatMap((thing) => {
    const twin = find(others, thing.key);
    return thing.parts.map((part): Outline => {
      const match = twin?.parts.find((p) => p.name === part.name);
      const change = !match
        ? way === 'before'
          ? 'removed'
          : 'added'
        : same(part.points, match.points)
          ? null
          : 'moved';
      return { key: `${thing.key}:${part.name}`, points: part.points, open: part.open, change };
    });
  });
}

function thingsOf(scene: Scene): Thing[] {
  const zones = scene.zones.map(({ id, name, kind, parent, capacity, polygon }): Thing => ({
    ...{ key: `zone:${id}`, what: 'Zone', name, facts: { name, kind, parent, capacity } },
    parts: [{ name: 'zone', points: polygon, open: false }],
  }));
  const lines = scene.lines.map(({ id, name, kind, a, b }): Thing => ({
    ...{ key: `line:${id}`, what: 'Line', name, facts: { name, kind } },
    parts: [{ name: 'line', points: [a, b], open: true }],
  }));
  const lanes = (scene.lanes ?? []).map((lane): Thing => ({
    ...{ key: `lane:${lane.id}`, what: 'Lane', name: lane.name },
    facts: { name: lane.name, group: lane.group, self_checkout: lane.self_checkout ?? false },
    parts: [
      ...(['queue', 'service', 'staff', 'exit'] as const).flatMap((part) => {
        const polygon = lane[part]?.polygon;
        return polygon ? [{ name: part, points: polygon, open: false }] : [];
      }),
      ...(lane.queue?.path ? [{ name: 'path', points: lane.queue.path, open: true }] : []),
    ],
  }));
  const masks = (scene.masks ?? []).map(({ polygon }, i): Thing => ({
    ...{ key: `mask:${i}`, what: '', name: `Mask ${i + 1}`, facts: {} },
    parts: [{ name: 'mask', points: polygon, open: false }],
  }));
  return [...zones, ...lines, ...lanes, ...masks];
}

function compare(was: Thing, is: Thing): Difference[] {
  const moved = is.parts.flatMap((part) => {
    const old = was.parts.find((p) => p.name === part.name);
    const suffix = is.parts.length > 1 || was.parts.length > 1 ? `${part.name}: ` : '';
    if (!old) return [`${suffix}drawn`];
    return same(old.points, part.points) ? [] : [`${suffix}${distanceText(old.points, part.points)}`];
  });
  const lost = was.parts.filter((p) => !is.parts.some((q) => q.name === p.name)).map((p) => `${p.name}: removed`);
  const facts = Object.keys(is.facts).flatMap((fact) =>
    was.facts[fact] === is.facts[fact]
      ? []
      : [`${fact.replace('_', '-')} ${word(was.facts[fact])} → ${word(is.facts[fact])}`],
  );
  const where = [...moved, ...lost];
  return [
    ...(where.length > 0 ? [told('moved', is, where.join('; '))] : []),
    ...(facts.length > 0 ? [told('changed', is, facts.join('; '))] : []),
  ];
}

function settings(before: Scene, after: Scene): Difference[] {
  const size = ({ plan }: Scene) => (plan ? `${plan.width_m} × ${plan.height_m} m` : 'none');
  const pairs = ({ calibration }: Scene) => (calibration ? `${calibration.pairs.length} pairs of points` : 'none');
  const found: [string, unknown, unknown, string][] = [
    ['Calibration', before.calibration, after.calibration, `${pairs(before)} → ${pairs(after)}`],
    ['Size of the plan', size(before), size(after), `${size(before)} → ${size(after)}`],
    ['Picture of the plan', before.plan?.image, after.plan?.image, 'another picture'],
    ['Walls', before.walls ?? [], after.walls ?? [], count(before.walls, after.walls)],
    ['Obstacles', before.obstacles ?? [], after.obstacles ?? [], count(before.obstacles, after.obstacles)],
    ['Sees the whole store', before.full_view, after.full_view, `${word(before.full_view)} → ${word(after.full_view)}`],
  ];
  return found.flatMap(([name, was, is, detail]) =>
    JSON.stringify(was) === JSON.stringify(is) ? [] : [{ change: 'changed' as const, what: '', name, detail }],
  );
}

function count(before: readonly unknown[] = [], after: readonly unknown[] = []): string {
  return `${before.length} → ${after.length}`;
}

function told(change: Change, { what, name }: Thing, detail: string): Difference {
  return { change, what, name, detail };
}

function find(things: readonly Thing[], key: string): Thing | undefined {
  return things.find((t) => t.key === key);
}

function same(a: Part['points'], b: Part['points']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function distanceText(was: Part['points'], is: Part['points']): string {
  if (was.length !== is.length) return `${was.length} → ${is.length} corners`;
  const far = Math.max(...is.map(([x = 0, y = 0], i) => Math.hypot(x - (was[i]?.[0] ?? 0), y - (was[i]?.[1] ?? 0))));
  return `by up to ${(far * 100).toFixed(far < 0.1 ? 1 : 0)} % of the picture`;
}

function word(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : `“${String(value)}”`;
}
