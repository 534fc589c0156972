/* SPDX-License-Identifier: Apache-2.0 */
import { type NormPoint, normPoint } from '@/lib/geometry/points.ts';
import { type Draft, emptyDraft, LIMITS, sameDraft, shapeOf } from './draft.ts';
import * as edit from './edits.ts';

/* The editor as a pure reducer. A gesture (a drag, a run of key presses, typing a name) is one step
 * of undo: edits that carry the gesture of the edit before them add no step. */

export type Tool = 'select' | 'zone' | 'line';

export type EditorState = {
  readonly draft: Draft;
  readonly saved: Draft;
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
  readonly gesture: string | null;
  readonly tool: Tool;
  readonly selected: string | null;
  readonly corner: number | null;
  /** Corners of the shape that is being drawn. */
  readonly drawing: readonly NormPoint[];
  readonly nextKey: number;
};

export type EditorAction =
  | { type: 'load'; draft: Draft }
  | { type: 'markSaved'; draft: Draft }
  | { type: 'tool'; tool: Tool }
  | { type: 'place'; at: NormPoint }
  | { type: 'finish' }
  | { type: 'cancel' }
  | { type: 'select'; key: string | null; corner?: number | null }
  | { type: 'moveCorner'; key: string; corner: number; to: NormPoint; gesture: string }
  | { type: 'moveShape'; key: string; dx: number; dy: number; gesture: string }
  | { type: 'nudge'; dx: number; dy: number }
  | { type: 'insertCorner'; key: string; edge: number; at: NormPoint; gesture?: string }
  | { type: 'deleteCorner'; key: string; corner: number }
  | { type: 'deleteShape'; key: string }
  | { type: 'flip'; key: string }
  | { type: 'rename'; key: string; name: string }
  | { type: 'setId'; key: string; id: string }
  | { type: 'setKind'; key: string; kind: string }
  | { type: 'setParent'; key: string; parent: string | null }
  | { type: 'setFullView'; fullView: boolean }
  | { type: 'endGesture' }
  | { type: 'undo' }
  | { type: 'redo' };

const UNDO_STEPS = 200;

export const initialEditor: EditorState = {
  draft: emptyDraft,
  saved: emptyDraft,
  past: [],
  future: [],
  gesture: null,
  tool: 'select',
  selected: null,
  corner: null,
  drawing: [],
  nextKey: 1,
};

export function editorReducer(state: EditorState, action: EditorAction): EditorState {
  switch (action.type) {
    case 'load':
      return { ...initialEditor, draft: action.draft, saved: action.draft, nextKey: state.nextKey };
    case 'markSaved':
      return markSaved(state, action.draft);
    case 'tool':
      return {
        ...state,
        tool: action.tool,
        drawing: [],
        selected: action.tool === 'select' ? state.selected : null,
        corner: null,
      };
    case 'place':
      return place(state, action.at);
    case 'finish':
      return finish(state);
    case 'cancel':
      return state.drawing.length > 0
        ? { ...state, drawing: [] }
        : { ...state, tool: 'select', selected: null, corner: null };
    case 'select':
      return { ...state, selected: action.key, corner: action.corner ?? null, gesture: null };
    case 'endGesture':
      return state.gesture === null ? state : { ...state, gesture: null };
    case 'undo':
      return step(state, state.past, state.future, 'undo');
    case 'redo':
      return step(state, state.future, state.past, 'redo');
    default:
      return change(state, action);
  }
}

export function isDirty(state: EditorState): boolean {
  return !sameDraft(state.draft, state.saved);
}

type Edit = Exclude<
  EditorAction,
  { type: 'load' | 'markSaved' | 'tool' | 'place' | 'finish' | 'cancel' | 'select' | 'endGesture' | 'undo' | 'redo' }
>;

function change(state: EditorState, action: Edit): EditorState {
  const { draft } = state;
  switch (action.type) {
    case 'moveCorner':
      return commit(state, edit.moveCorner(draft, action.key, action.corner, action.to), action.gesture);
    case 'moveShape':
      return commit(state, edit.moveShape(draft, action.key, action.dx, action.dy), action.gesture);
    case 'nudge':
      return nudge(state, action.dx, action.dy);
    case 'insertCorner':
      return insertCorner(state, action);
    case 'deleteCorner':
      return { ...commit(state, edit.deleteCorner(draft, action.key, action.corner)), corner: null };
    case 'deleteShape':
      return { ...commit(state, edit.deleteShape(draft, action.key)), selected: null, corner: null };
    case 'flip':
      return commit(state, edit.flipLine(draft, action.key));
    case 'rename':
      return commit(state, edit.renameShape(draft, action.key, action.name), `name:${action.key}`);
    case 'setId':
      return commit(state, edit.setId(draft, action.key, action.id), `id:${action.key}`);
    case 'setKind':
      return commit(state, edit.setKind(draft, action.key, action.kind));
    case 'setParent':
      return commit(state, edit.setParent(draft, action.key, action.parent));
    case 'setFullView':
      return commit(state, { ...draft, fullView: action.fullView });
  }
}

function commit(state: EditorState, draft: Draft, gesture: string | null = null): EditorState {
  if (sameDraft(draft, state.draft)) return state;
  const goesOn = gesture !== null && gesture === state.gesture;
  const past = goesOn ? state.past : [...state.past, state.draft].slice(-UNDO_STEPS);
  return { ...state, draft, past, future: [], gesture };
}

function place(state: EditorState, at: NormPoint): EditorState {
  if (state.tool === 'select') return state;
  const drawing = [...state.drawing, at];
  const full = state.tool === 'line' ? drawing.length === 2 : drawing.length === LIMITS.corners;
  const next = { ...state, drawing };
  return full ? finish(next) : next;
}

function finish(state: EditorState): EditorState {
  const least = state.tool === 'zone' ? 3 : 2;
  if (state.tool === 'select' || state.drawing.length < least) return state;
  const key = `new-${state.nextKey}`;
  const drawn = commit(state, edit.addShape(state.draft, key, state.tool, state.drawing));
  return { ...drawn, tool: 'select', drawing: [], selected: key, corner: null, nextKey: state.nextKey + 1 };
}

function insertCorner(
  state: EditorState,
  { key, edge, at, gesture }: Extract<Edit, { type: 'insertCorner' }>,
): EditorState {
  const next = commit(state, edit.insertCorner(state.draft, key, edge, at), gesture ?? null);
  return next === state ? state : { ...next, selected: key, corner: edge + 1 };
}

function nudge(state: EditorState, dx: number, dy: number): EditorState {
  const shape = shapeOf(state.draft, state.selected);
  if (!shape) return state;
  const gesture = `nudge:${shape.key}:${state.corner ?? 'all'}`;
  const at = state.corner === null ? undefined : shape.points[state.corner];
  const draft = at
    ? edit.moveCorner(state.draft, shape.key, state.corner!, normPoint(at.x + dx, at.y + dy))
    : edit.moveShape(state.draft, shape.key, dx, dy);
  return commit(state, draft, gesture);
}

function step(state: EditorState, from: readonly Draft[], to: readonly Draft[], way: 'undo' | 'redo'): EditorState {
  const draft = from[from.length - 1];
  if (!draft) return state;
  const rest = from.slice(0, -1);
  const other = [...to, state.draft];
  const selected = shapeOf(draft, state.selected) ? state.selected : null;
  const stacks = way === 'undo' ? { past: rest, future: other } : { past: other, future: rest };
  return { ...state, draft, ...stacks, gesture: null, drawing: [], selected, corner: null };
}

/** The server's copy is the truth now. Undo starts anew: the ids that the server knows must stay. */
function markSaved(state: EditorState, draft: Draft): EditorState {
  const selected = shapeOf(state.draft, state.selected);
  const same = draft.shapes.find((s) => s.type === selected?.type && s.id === selected?.id);
  return {
    ...state,
    draft,
    saved: draft,
    past: [],
    future: [],
    gesture: null,
    selected: same?.key ?? null,
    corner: null,
  };
}
