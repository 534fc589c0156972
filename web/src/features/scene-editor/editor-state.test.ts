/* SPDX-License-Identifier: Apache-2.0 */
import { describe, expect, it } from 'vitest';
import { normPoint as n } from '@/lib/geometry/points.ts';
import { slugOf } from '@/lib/slug.ts';
import { type Draft, emptyDraft, freeId } from './draft.ts';
import { type EditorAction, type EditorState, editorReducer, initialEditor, isDirty } from './editor-state.ts';

function run(state: EditorState, ...actions: EditorAction[]): EditorState {
  return actions.reduce(editorReducer, state);
}

const drawLine: EditorAction[] = [
  { type: 'tool', tool: 'line' },
  { type: 'place', at: n(0.5, 0.1) },
  { type: 'place', at: n(0.5, 0.9) },
];
const drawZone: EditorAction[] = [
  { type: 'tool', tool: 'zone' },
  { type: 'place', at: n(0.1, 0.1) },
  { type: 'place', at: n(0.4, 0.1) },
  { type: 'place', at: n(0.4, 0.4) },
  { type: 'place', at: n(0.1, 0.4) },
  { type: 'finish' },
];
const withLine = run(initialEditor, ...drawLine);
const withZone = run(initialEditor, ...drawZone);
const zoneKey = withZone.draft.shapes[0]!.key;

describe('drawing', () => {
  it('a line is finished by its second end, selected, and named', () => {
    expect(withLine.tool).toBe('select');
    expect(withLine.draft.shapes).toHaveLength(1);
    expect(withLine.draft.shapes[0]).toMatchObject({ type: 'line', name: 'Line 1', id: 'line-1', kind: 'entrance' });
    expect(withLine.selected).toBe(withLine.draft.shapes[0]!.key);
    expect(isDirty(withLine)).toBe(true);
  });

  it('a zone needs three corners before it can be finished', () => {
    const two = run(initialEditor, ...drawZone.slice(0, 3), { type: 'finish' });
    expect(two.draft.shapes).toHaveLength(0);
    expect(two.drawing).toHaveLength(2);
    expect(withZone.draft.shapes[0]!.points).toHaveLength(4);
  });

  it('cancel first drops the drawing, then the tool', () => {
    const drawing = run(initialEditor, ...drawZone.slice(0, 3), { type: 'cancel' });
    expect(drawing).toMatchObject({ tool: 'zone', drawing: [] });
    expect(run(drawing, { type: 'cancel' }).tool).toBe('select');
  });

  it('corners are kept on the picture', () => {
    const out = run(
      initialEditor,
      { type: 'tool', tool: 'line' },
      { type: 'place', at: n(-0.2, 0.5) },
      { type: 'place', at: n(1.4, 0.5) },
    );
    expect(out.draft.shapes[0]!.points).toEqual([n(0, 0.5), n(1, 0.5)]);
  });
});

describe('undo', () => {
  it('takes back and brings again, and a new edit ends the redo', () => {
    const back = run(withZone, { type: 'undo' });
    expect(back.draft.shapes).toHaveLength(0);
    expect(isDirty(back)).toBe(false);
    const again = run(back, { type: 'redo' });
    expect(again.draft).toEqual(withZone.draft);
    const other = run(back, ...drawLine);
    expect(run(other, { type: 'redo' }).draft).toEqual(other.draft);
  });

  it('a drag is one step, the next drag another', () => {
    const drag = (x: number, gesture: string): EditorAction => ({
      type: 'moveCorner',
      key: zoneKey,
      corner: 0,
      to: n(x, 0.1),
      gesture,
    });
    const dragged = run(
      withZone,
      drag(0.11, 'd1'),
      drag(0.15, 'd1'),
      drag(0.2, 'd1'),
      { type: 'endGesture' },
      drag(0.3, 'd2'),
    );
    expect(dragged.past).toHaveLength(3);
    expect(run(dragged, { type: 'undo' }).draft.shapes[0]!.points[0]).toEqual(n(0.2, 0.1));
    expect(run(dragged, { type: 'undo' }, { type: 'undo' }).draft).toEqual(withZone.draft);
  });

  it('an edit that changes nothing is no step', () => {
    const same = run(withZone, { type: 'setKind', key: zoneKey, kind: 'general' });
    expect(same.past).toHaveLength(withZone.past.length);
  });

  it('forgets a selection that the step removed', () => {
    expect(run(withZone, { type: 'undo' }).selected).toBeNull();
  });

  it('keeps at most 200 steps', () => {
    let state = withZone;
    for (let i = 0; i < 300; i++)
      state = run(state, { type: 'setKind', key: zoneKey, kind: i % 2 ? 'product' : 'general' });
    expect(state.past.length).toBe(200);
  });
});

describe('editing a zone', () => {
  it('inserts a corner behind the edge and selects it', () => {
    const more = run(withZone, { type: 'insertCorner', key: zoneKey, edge: 1, at: n(0.45, 0.25) });
    expect(more.draft.shapes[0]!.points[2]).toEqual(n(0.45, 0.25));
    expect(more.corner).toBe(2);
  });

  it('deletes corners down to three', () => {
    const three = run(withZone, { type: 'deleteCorner', key: zoneKey, corner: 0 });
    expect(three.draft.shapes[0]!.points).toHaveLength(3);
    expect(run(three, { type: 'deleteCorner', key: zoneKey, corner: 0 }).draft.shapes[0]!.points).toHaveLength(3);
  });

  it('moves as a whole, and stops at the edge in its own form', () => {
    const moved = run(withZone, { type: 'moveShape', key: zoneKey, dx: -0.5, dy: 0.2, gesture: 'm' });
    expect(moved.draft.shapes[0]!.points).toEqual([n(0, 0.3), n(0.3, 0.3), n(0.3, 0.6), n(0, 0.6)]);
  });

  it('nudges the chosen corner, else the shape, as one step', () => {
    const corner = run(
      withZone,
      { type: 'select', key: zoneKey, corner: 1 },
      { type: 'nudge', dx: 0.01, dy: 0 },
      { type: 'nudge', dx: 0.01, dy: 0 },
    );
    expect(corner.draft.shapes[0]!.points[1]).toEqual(n(0.42, 0.1));
    expect(corner.past).toHaveLength(2);
    const all = run(withZone, { type: 'nudge', dx: 0, dy: 0.1 });
    expect(all.draft.shapes[0]!.points[0]).toEqual(n(0.1, 0.2));
  });

  it('a deleted parent hands its children to its own parent', () => {
    const zone = (id: string, parent: string | null) => ({
      ...{ type: 'zone' as const, kind: 'general' as const, name: id, saved: false },
      points: withZone.draft.shapes[0]!.points,
      ...{ key: id, id, parent, capacity: '' },
    });
    const draft: Draft = {
      ...emptyDraft,
      shapes: [zone('floor', null), zone('aisle', 'floor'), zone('shelf', 'aisle')],
      fullView: false,
    };
    const after = run(run(initialEditor, { type: 'load', draft }), { type: 'deleteShape', key: 'aisle' });
    expect(after.draft.shapes[1]).toMatchObject({ id: 'shelf', parent: 'floor' });
  });
});

describe('names and ids', () => {
  it('the id of a new shape follows its name', () => {
    const named = run(withZone, { type: 'rename', key: zoneKey, name: 'Café & Bar' });
    expect(named.draft.shapes[0]).toMatchObject({ name: 'Café & Bar', id: 'cafe-bar' });
  });

  it('the id of a saved shape stays', () => {
    const draft: Draft = { ...withZone.draft, shapes: withZone.draft.shapes.map((s) => ({ ...s, saved: true })) };
    const loaded = run(initialEditor, { type: 'load', draft });
    const named = run(
      loaded,
      { type: 'rename', key: zoneKey, name: 'Bar' },
      { type: 'setId', key: zoneKey, id: 'bar' },
    );
    expect(named.draft.shapes[0]).toMatchObject({ name: 'Bar', id: 'zone-1' });
  });

  it('typing a name is one step', () => {
    const typed = [...'Bar'].reduce(
      (s, _, i) => run(s, { type: 'rename', key: zoneKey, name: 'Bar'.slice(0, i + 1) }),
      withZone,
    );
    expect(typed.past).toHaveLength(withZone.past.length + 1);
  });

  it('slugs hold only small letters, digits and hyphens, and at most 40 of them', () => {
    expect(slugOf('  Ünïcode — Shelf #12  ')).toBe('unicode-shelf-12');
    expect(slugOf('日本')).toBe('');
    expect(slugOf('x'.repeat(60))).toHaveLength(40);
  });

  it('a second one of the same name gets a number', () => {
    expect(freeId(withZone.draft, 'zone', 'Zone 1')).toBe('zone-1-2');
    expect(freeId(withZone.draft, 'line', 'Zone 1')).toBe('zone-1');
    expect(freeId(withZone.draft, 'zone', '日本')).toBe('zone');
  });
});

describe('lines', () => {
  it('flip swaps the ends and so in and out', () => {
    const key = withLine.draft.shapes[0]!.key;
    const flipped = run(withLine, { type: 'flip', key });
    expect(flipped.draft.shapes[0]!.points).toEqual([...withLine.draft.shapes[0]!.points].reverse());
  });
});

describe('saving', () => {
  it('keeps the selection by id and starts undo anew', () => {
    const server: Draft = {
      ...withLine.draft,
      shapes: withLine.draft.shapes.map((s) => ({ ...s, key: 'line:line-1', saved: true })),
    };
    const saved = run(withLine, { type: 'markSaved', draft: server });
    expect(saved.selected).toBe('line:line-1');
    expect(isDirty(saved)).toBe(false);
    expect(run(saved, { type: 'undo' })).toBe(saved);
  });
});
