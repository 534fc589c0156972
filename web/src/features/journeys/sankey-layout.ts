/* SPDX-License-Identifier: Apache-2.0 */

/** A step of the answer: `depth` 0 is from the way in; null is the way in (from) or out (to). */
export type Step = { depth: number; from: number | null; to: number | null; visits: number };

export type SankeyNode = {
  key: string;
  /** 0 = the way in. */
  column: number;
  kind: 'in' | 'zone' | 'other' | 'out';
  /** Place in the zones of the answer, where it is one zone. */
  zone: number | null;
  visits: number;
  x: number;
  y: number;
  height: number;
};

export type SankeyFlow = { key: string; from: SankeyNode; to: SankeyNode; visits: number; width: number; path: string };

export type Sankey = { nodes: SankeyNode[]; flows: SankeyFlow[]; width: number; height: number };

export const NODE_WIDTH = 10;
const COLUMN = 150;
const GAP = 18;
const TOP = 8;
const HEIGHT = 340;
/** Zones of a column that have a node of their own; the rest are one, "other". */
export const MOST_ZONES = 7;

const RANK = { in: 0, zone: 0, other: 1, out: 2 } as const;

/** Columns by depth, the most visited zone first, the way out last. The order of `steps` does not matter. */
export function layoutSankey(steps: Step[], mostZones = MOST_ZONES): Sankey {
  const shown = zonesShown(steps, mostZones);
  const nodes = new Map<string, SankeyNode>();
  const node = (column: number, place: number | null, way: 'in' | 'out') => {
    const own = place !== null && shown.has(`${column}:${place}`);
    const kind = place === null ? way : own ? 'zone' : 'other';
    const key = own ? `${column}:${place}` : `${column}:${kind}`;
    const old = nodes.get(key);
    if (old) return old;
    const made: SankeyNode = { key, column, kind, zone: own ? place : null, visits: 0, x: 0, y: 0, height: 0 };
    nodes.set(key, made);
    return made;
  };
  const flows = new Map<string, SankeyFlow>();
  for (const step of steps) {
    const from = node(step.depth, step.from, 'in');
    const to = node(step.depth + 1, step.to, 'out');
    const key = `${from.key}>${to.key}`;
    const flow = flows.get(key) ?? { key, from, to, visits: 0, width: 0, path: '' };
    flow.visits += step.visits;
    flows.set(key, flow);
  }
  const all = [...flows.values()];
  for (const one of nodes.values()) {
    const sum = (list: SankeyFlow[]) => list.reduce((total, flow) => total + flow.visits, 0);
    one.visits = Math.max(sum(all.filter((f) => f.to === one)), sum(all.filter((f) => f.from === one)));
  }
  const placed = place([...nodes.values()]);
  draw(all, placed.scale);
  all.sort((a, b) => a.from.column - b.from.column || a.from.y - b.from.y || a.to.y - b.to.y);
  return { nodes: placed.nodes, flows: all, width: placed.width, height: placed.height };
}

function zonesShown(steps: Step[], most: number): Set<string> {
  const columns = new Map<number, Map<number, number>>();
  for (const { depth, to, visits } of steps) {
    if (to === null) continue;
    const zones = columns.get(depth + 1) ?? new Map<number, number>();
    zones.set(to, (zones.get(to) ?? 0) + visits);
    columns.set(depth + 1, zones);
  }
  const shown = new Set<string>();
  for (const [column, zones] of columns) {
    const order = [...zones].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    /* "Other" for a single zone would hide its name and save nothing. */
    const kept = order.length <= most + 1 ? order : order.slice(0, most);
    for (const [zone] of kept) shown.add(`${column}:${zone}`);
  }
  return shown;
}

function place(nodes: SankeyNode[]) {
  const count = Math.max(0, ...nodes.map((n) => n.column + 1));
  const columns = Array.from({ length: count }, (_, c) =>
    nodes
      .filter((n) => n.column === c)
      .sort((a, b) => RANK[a.kind] - RANK[b.kind] || b.visits - a.visits || (a.zone ?? 0) - (b.zone ?? 0)),
  );
  const most = Math.max(1, ...columns.map((c) => c.reduce((sum, n) => sum + n.visits, 0)));
  const scale = HEIGHT / most;
  let bottom = TOP;
  for (const column of columns) {
    let y = TOP;
    for (const one of column) {
      one.x = one.column * COLUMN;
      one.y = y;
      one.height = Math.max(1, one.visits * scale);
      y += one.height + GAP;
    }
    bottom = Math.max(bottom, y - GAP);
  }
  return { nodes: columns.flat(), scale, width: count * COLUMN, height: bottom + TOP };
}

function draw(flows: SankeyFlow[], scale: number) {
  const left = new Map<SankeyNode, number>();
  const right = new Map<SankeyNode, number>();
  const take = (ends: Map<SankeyNode, number>, node: SankeyNode, width: number) => {
    const at = ends.get(node) ?? node.y;
    ends.set(node, at + width);
    return at + width / 2;
  };
  const starts = new Map<SankeyFlow, number>();
  for (const flow of [...flows].sort((a, b) => a.to.y - b.to.y)) {
    flow.width = flow.visits * scale;
    starts.set(flow, take(right, flow.from, flow.width));
  }
  for (const flow of [...flows].sort((a, b) => a.from.y - b.from.y)) {
    const y0 = starts.get(flow) ?? 0;
    const y1 = take(left, flow.to, flow.width);
    const x0 = flow.from.x + NODE_WIDTH;
    const x1 = flow.to.x;
    const mid = (x0 + x1) / 2;
    flow.path = [`M${r(x0)} ${r(y0)}`, `C${r(mid)} ${r(y0)} ${r(mid)} ${r(y1)} ${r(x1)} ${r(y1)}`].join('');
  }
}

const r = (value: number) => Math.round(value * 10) / 10;
