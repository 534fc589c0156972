/* SPDX-License-Identifier: Apache-2.0 */
import { expect, test } from 'vitest';
import type { Scene } from '@/lib/api/cameras.ts';
import { normPoint } from '@/lib/geometry/points.ts';
import { masksOf } from './draft.ts';
import { type EditorAction, editorReducer, initialEditor } from './editor-state.ts';
import { draftOf, drawingOf } from './scene-codec.ts';
import { differences } from './scene-diff.ts';
import { validate } from './validation.ts';

const IMAGE = { w: 640, h: 480 };
const SCENE: Scene = {
  ...{ version: 3, hash: '0', image: IMAGE, full_view: false, zones: [], lines: [] },
  masks: [{ polygon: [[0.1, 0.1], [0.3, 0.1], [0.3, 0.3]] }],
};

function run(...actions: EditorAction[]) {
  return actions.reduce(editorReducer, editorReducer(initialEditor, { type: 'load', draft: draftOf(SCENE) }));
}
const corner = (x: number, y: number): EditorAction => ({ type: 'place', at: normPoint(x, y) });
const DRAW: EditorAction[] = [
  { type: 'tool', tool: 'mask' },
  ...[corner(0.5, 0.5), corner(0.8, 0.5), corner(0.8, 0.8)],
  { type: 'finish' },
];

test('masks come from the scene and go back to it', () => {
  const state = run();
  expect(masksOf(state.draft).map((m) => m.name)).toEqual(['Mask 1']);
  expect(drawingOf(state.draft, IMAGE).masks).toEqual(SCENE.masks);
});

test('a mask is drawn, moved, undone and deleted like a zone', () => {
  const drawn = run(...DRAW);
  expect(drawn.tool).toBe('select');
  expect(drawingOf(drawn.draft, IMAGE).masks?.[1]).toEqual({ polygon: [[0.5, 0.5], [0.8, 0.5], [0.8, 0.8]] });
  const moved = editorReducer(drawn, { type: 'nudge', dx: 0.1, dy: 0 });
  expect(drawingOf(moved.draft, IMAGE).masks?.[1]?.polygon[0]).toEqual([0.6, 0.5]);
  expect(masksOf(editorReducer(editorReducer(moved, { type: 'undo' }), { type: 'undo' }).draft)).toHaveLength(1);
  const gone = editorReducer(moved, { type: 'deleteShape', key: masksOf(moved.draft)[0]!.key });
  expect(masksOf(gone.draft).map((m) => m.name)).toEqual(['Mask 2']);
});

test('the last mask that is deleted is told as none, so that the server takes it away', () => {
  const gone = run({ type: 'deleteShape', key: 'mask:0' });
  expect(drawingOf(gone.draft, IMAGE).masks).toEqual([]);
});

test('a floor plan says nothing of masks', () => {
  const plan = draftOf({ ...SCENE, masks: [], plan: { width_m: 10, height_m: 8 } });
  expect(drawingOf(plan, IMAGE)).not.toHaveProperty('masks');
});

test('the selected mask stays selected when it was saved', () => {
  const drawn = run(...DRAW);
  const saved = draftOf({ ...SCENE, masks: drawingOf(drawn.draft, IMAGE).masks });
  expect(editorReducer(drawn, { type: 'markSaved', draft: saved }).selected).toBe('mask:1');
});

test('a mask that crosses itself, and one too many, are faults', () => {
  const knot: EditorAction[] = [
    { type: 'tool', tool: 'mask' },
    ...[corner(0.1, 0.5), corner(0.4, 0.9), corner(0.4, 0.5), corner(0.1, 0.9)],
    { type: 'finish' },
  ];
  expect(validate(run(...knot).draft, IMAGE).map((f) => f.field)).toEqual(['shape']);
  const many = draftOf({ ...SCENE, masks: Array.from({ length: 17 }, () => SCENE.masks![0]!) });
  expect(validate(many, IMAGE)[0]?.text).toContain('17 masks');
});

test('versions tell masks that came, went and moved', () => {
  const moved = { ...SCENE, masks: [{ polygon: [[0.2, 0.1], [0.3, 0.1], [0.3, 0.3]] }] } as Scene;
  expect(differences(SCENE, moved)[0]).toMatchObject({ change: 'moved', name: 'Mask 1' });
  expect(differences(SCENE, { ...SCENE, masks: [] })[0]).toMatchObject({ change: 'removed', name: 'Mask 1' });
});
