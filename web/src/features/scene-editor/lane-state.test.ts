/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { normPoint as n } from '@/lib/geometry/points.ts';
import { areaOf, type Draft, freeId, laneOf } from './draft.ts';
import { type EditorAction, type EditorState, editorReducer, initialEditor } from './editor-state.ts';
import { toolHint } from './editor-toolbar.tsx';

function run(state: EditorState, ...actions: EditorAction[]): EditorState {
  return actions.reduce(editorReducer, state);
}

const box = (x: number, y: number): EditorAction[] => [
  { type: 'place', at: n(x, y) },
  { type: 'place', at: n(x + 0.2, y) },
  { type: 'place', at: n(x + 0.2, y + 0.2) },
  { type: 'finish' },
];
const queueOnly = run(initialEditor, { type: 'drawPart', lane: null, part: 'queue' }, ...box(0.1, 0.5));
const lane = queueOnly.draft.lanes[0]!.key;
const whole = run(queueOnly, ...box(0.5, 0.5));
const withPath = run(
  whole,
  { type: 'drawPart', lane, part: 'path' },
  { type: 'place', at: n(0.28, 0.6) },
  { type: 'place', at: n(0.12, 0.6) },
  { type: 'finish' },
);
const parts = (state: EditorState) => state.draft.shapes.flatMap((s) => (s.type === 'area' ? [s.part] : []));
const twoLanes = run(whole, { type: 'drawPart', lane: null, part: 'service' }, ...box(0.7, 0.1));
const second = twoLanes.draft.lanes[1]!.key;

describe('drawing a lane', () => {
  it('begins with any part, and goes on to the service area, which it needs', () => {
    expect(queueOnly.draft.lanes).toMatchObject([
      { name: 'Lane 1', id: 'lane-1', group: null, selfCheckout: false, saved: false },
    ]);
    expect(queueOnly).toMatchObject({ tool: 'area', target: { lane, part: 'service' }, selected: lane });
    expect(toolHint(queueOnly)).toContain('where the customer stands who is served');
    expect(parts(whole)).toEqual(['queue', 'service']);
    expect(whole).toMatchObject({ tool: 'select', selected: `${lane}:service` });
  });

  it('draws a part again in place of the old one, as one step of undo', () => {
    const again = run(whole, { type: 'drawPart', lane, part: 'queue' }, ...box(0.3, 0.3));
    expect(parts(again)).toEqual(['service', 'queue']);
    expect(areaOf(again.draft, lane, 'queue')?.points[0]).toEqual(n(0.3, 0.3));
    expect(areaOf(run(again, { type: 'undo' }).draft, lane, 'queue')?.points[0]).toEqual(n(0.1, 0.5));
  });

  it('a path is open, and ends at two points or more', () => {
    expect(areaOf(withPath.draft, lane, 'path')?.points).toEqual([n(0.28, 0.6), n(0.12, 0.6)]);
    const flipped = run(withPath, { type: 'flip', key: `${lane}:path` });
    expect(areaOf(flipped.draft, lane, 'path')?.points[0]).toEqual(n(0.12, 0.6));
  });

  it('a path is full at 16 points', () => {
    const points = Array.from({ length: 16 }, (_, i): EditorAction => ({ type: 'place', at: n(0.1 + i / 50, 0.6) }));
    const full = run(whole, { type: 'drawPart', lane, part: 'path' }, ...points);
    expect(full.tool).toBe('select');
    expect(areaOf(full.draft, lane, 'path')?.points).toHaveLength(16);
  });

  it('cancel drops the drawing, then goes back to the lane', () => {
    const started = run(whole, { type: 'drawPart', lane, part: 'exit' }, { type: 'place', at: n(0.5, 0.5) });
    const dropped = run(started, { type: 'cancel' });
    expect(dropped).toMatchObject({ tool: 'area', drawing: [] });
    expect(run(dropped, { type: 'cancel' })).toMatchObject({ tool: 'select', selected: lane });
  });
});

describe('undo', () => {
  it('takes back a new lane with its first area, and the tool draws a new one', () => {
    const back = run(queueOnly, { type: 'undo' });
    expect(back.draft).toMatchObject({ lanes: [], shapes: [] });
    expect(back).toMatchObject({ selected: null, target: { lane: null, part: 'queue' } });
    expect(run(back, { type: 'redo' }).draft).toEqual(queueOnly.draft);
  });

  it('of an area that is taken back the lane stays selected', () => {
    expect(run(whole, { type: 'undo' }).selected).toBe(lane);
  });
});

describe('editing a lane', () => {
  it('deletes an area and keeps the lane selected; the path goes with the queue', () => {
    const without = run(withPath, { type: 'deleteShape', key: `${lane}:queue` });
    expect(parts(without)).toEqual(['service']);
    expect(without.selected).toBe(lane);
  });

  it('deletes the whole lane', () => {
    const gone = run(withPath, { type: 'deleteShape', key: lane });
    expect(gone.draft).toMatchObject({ lanes: [], shapes: [] });
    expect(gone.selected).toBeNull();
  });

  it('moves an area alone, and the lane as a whole as far as all its corners stay on the picture', () => {
    const alone = run(whole, { type: 'moveShape', key: `${lane}:queue`, dx: 0, dy: -0.5, gesture: 'a' });
    expect(areaOf(alone.draft, lane, 'queue')?.points[0]).toEqual(n(0.1, 0));
    expect(areaOf(alone.draft, lane, 'service')?.points[0]).toEqual(n(0.5, 0.5));
    const together = run(whole, { type: 'select', key: lane }, { type: 'nudge', dx: -0.3, dy: 0 });
    expect(areaOf(together.draft, lane, 'queue')?.points[0]).toEqual(n(0, 0.5));
    expect(areaOf(together.draft, lane, 'service')?.points[0]).toEqual(n(0.4, 0.5));
  });

  it('corners of a path go down to two, those of an area to three', () => {
    const path = `${lane}:path`;
    const more = run(withPath, { type: 'insertCorner', key: path, edge: 0, at: n(0.2, 0.65) });
    expect(areaOf(more.draft, lane, 'path')?.points).toHaveLength(3);
    const less = run(more, ...[0, 0].map((corner): EditorAction => ({ type: 'deleteCorner', key: path, corner })));
    expect(areaOf(less.draft, lane, 'path')?.points).toHaveLength(2);
    const area = run(withPath, { type: 'deleteCorner', key: `${lane}:queue`, corner: 0 });
    expect(areaOf(area.draft, lane, 'queue')?.points).toHaveLength(3);
  });

  it('the id of a new lane follows its name, and is that of no group', () => {
    const grouped = run(twoLanes, { type: 'newGroup', key: second });
    const group = laneOf(grouped.draft, second)?.group ?? '';
    expect(group).toBe('line-1');
    const named = run(grouped, { type: 'rename', key: lane, name: 'Line 1' });
    expect(laneOf(named.draft, lane)).toMatchObject({ name: 'Line 1', id: 'line-1-2' });
    expect(freeId(named.draft, 'group', 'Line 1 2')).toBe('line-1-2-2');
  });

  it('renames a shared line on all its lanes, unless the name is taken or saved', () => {
    const shared = run(
      twoLanes,
      { type: 'newGroup', key: lane },
      { type: 'setGroup', key: second, group: 'line-1' },
      { type: 'renameGroup', group: 'line-1', name: 'Main tills' },
    );
    expect(shared.draft.lanes.map((l) => l.group)).toEqual(['main-tills', 'main-tills']);
    const saved: Draft = { ...shared.draft, savedGroups: ['main-tills'] };
    const loaded = run(initialEditor, { type: 'load', draft: saved });
    expect(run(loaded, { type: 'renameGroup', group: 'main-tills', name: 'x' }).draft).toEqual(saved);
    expect(run(shared, { type: 'renameGroup', group: 'main-tills', name: ' ? ' }).draft).toEqual(shared.draft);
  });

  it('switches self-checkout', () => {
    expect(laneOf(run(whole, { type: 'setSelfCheckout', key: lane, on: true }).draft, lane)?.selfCheckout).toBe(true);
  });

  it('keeps the selection over a save, by ids', () => {
    const rekey = (key: string) => key.replace(lane, 'lane:lane-1');
    const server: Draft = {
      ...whole.draft,
      lanes: whole.draft.lanes.map((l) => ({ ...l, key: rekey(l.key), saved: true })),
      shapes: whole.draft.shapes.map((s) => (s.type === 'area' ? { ...s, key: rekey(s.key), lane: rekey(s.lane) } : s)),
    };
    expect(run(whole, { type: 'markSaved', draft: server }).selected).toBe('lane:lane-1:service');
    const drawing = run(
      whole,
      { type: 'drawPart', lane, part: 'exit' },
      { type: 'place', at: n(0.9, 0.9) },
      { type: 'markSaved', draft: server },
    );
    expect(drawing).toMatchObject({ tool: 'area', target: { lane: 'lane:lane-1', part: 'exit' } });
    expect(drawing.drawing).toHaveLength(1);
    const byLane = run(whole, { type: 'select', key: lane }, { type: 'markSaved', draft: server });
    expect(byLane.selected).toBe('lane:lane-1');
  });
});
