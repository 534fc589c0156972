/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { layoutSankey, type Step } from './sankey-layout.ts';

const steps: Step[] = [
  { depth: 0, from: null, to: 0, visits: 60 },
  { depth: 0, from: null, to: 1, visits: 30 },
  { depth: 0, from: null, to: null, visits: 10 },
  { depth: 1, from: 0, to: 1, visits: 40 },
  { depth: 1, from: 0, to: null, visits: 20 },
  { depth: 1, from: 1, to: null, visits: 30 },
  { depth: 2, from: 1, to: null, visits: 40 },
];

describe('the layout of a Sankey diagram', () => {
  it('has a column for each depth, the way out last in each', () => {
    const { nodes } = layoutSankey(steps);
    expect(nodes.map((n) => [n.key, n.visits])).toEqual([
      ['0:in', 100],
      ['1:0', 60],
      ['1:1', 30],
      ['1:out', 10],
      ['2:1', 40],
      ['2:out', 50],
      ['3:out', 40],
    ]);
  });

  it('loses nobody: what comes to a zone goes on from it', () => {
    const { nodes, flows } = layoutSankey(steps);
    for (const node of nodes.filter((n) => n.kind === 'zone')) {
      const sum = (end: 'from' | 'to') => flows.filter((f) => f[end] === node).reduce((s, f) => s + f.visits, 0);
      expect(sum('from')).toBe(sum('to'));
    }
  });

  it('does not depend on the order of the answer', () => {
    expect(layoutSankey([...steps].reverse())).toEqual(layoutSankey(steps));
  });

  it('nodes of a column do not cover one another', () => {
    const { nodes, height } = layoutSankey(steps);
    nodes.forEach((node, i) => {
      const next = nodes[i + 1];
      if (next?.column === node.column) expect(next.y).toBeGreaterThan(node.y + node.height);
      expect(node.y + node.height).toBeLessThanOrEqual(height);
    });
  });

  it('makes one of the least visited zones, and keeps their visits', () => {
    const many: Step[] = Array.from({ length: 12 }, (_, i) => ({ depth: 0, from: null, to: i, visits: i + 1 }));
    const { nodes, flows } = layoutSankey(many, 3);
    expect(nodes.map((n) => n.zone)).toEqual([null, 11, 10, 9, null]);
    expect(nodes[4]).toMatchObject({ kind: 'other', visits: 45 });
    expect(flows).toHaveLength(4);
    expect(layoutSankey(many.slice(0, 4), 3).nodes.some((n) => n.kind === 'other')).toBe(false);
  });

  it('nothing is drawn of nothing', () => {
    expect(layoutSankey([])).toMatchObject({ nodes: [], flows: [] });
  });
});
