/* SPDX-License-Identifier: Apache-2.0 */
import { type NormPoint, normPoint } from '@/lib/geometry/points.ts';
import {
  areaKey,
  areaOf,
  type Draft,
  emptyDraft,
  laneOf,
  type LanePart,
  masksOf,
  type Measures,
  pointLimits,
  sameDraft,
  shapeOf,
} from './draft.ts';
import * as edit from './edits.ts';

/* The editor as a pure reducer. A gesture (a drag, a run of key presses, typing a name) is one step
 * of undo: edits that carry the gesture of the edit before them add no step. */

export type Tool = 'select' | 'zone' | 'line' | 'area' | 'mask';
/** What the tool 'area' draws: a part of a lane; null = of a new one. */
export type Target = { readonly lane: string | null; readonly part: LanePart };

export type EditorState = {
  readonly draft: Draft;
  readonly saved: Draft;
  readonly past: readonly Draft[];
  readonly future: readonly Draft[];
  readonly gesture: string | null;
  readonly tool: Tool;
  readonly target: Target;
  /** Key of a shape, or of a lane. */
  readonly selected: string | null;
  readonly corner: number | null;
  /** Corners of the shape that is being drawn. */
  readonly drawing: readonly NormPoint[];
  readonly nextKey: number;
};

export type EditorAction =
  | { type: 'load'; draft: Draft }
  | { type: 'markSaved'; draft: Draft }
  | { type: 'tool'; tool: Exclude<Tool, 'area'> }
  | { type: 'drawPart'; lane: string | null; part: LanePart }
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
  | { type: 'setCapacity'; key: string; capacity: string }
  | { type: 'setGroup'; key: string; group: string | null }
  | { type: 'newGroup'; key: string }
  | { type: 'renameGroup'; group: string; name: string }
  | { type: 'setSelfCheckout'; key: string; on: boolean }
  | { type: 'setFullView'; fullView: boolean }
  | { type: 'setCalibration'; calibration: Measures['calibration']; gesture?: string }
  | { type: 'setOutlines'; walls: NonNullable<Measures['walls']>; obstacles: NonNullable<Measures['obstacles']> }
  | { type: 'setPlan'; plan: NonNullable<Measures['plan']> }
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
  target: { lane: null, part: 'queue' },
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
    case 'drawPart':
      return drawPart(state, action);
    case 'place':
      return place(state, action.at);
    case 'finish':
      return finish(state);
    case 'cancel':
      return cancel(state);
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
  {
    type:
      | 'load'
      | 'markSaved'
      | 'tool'
      | 'drawPart'
      | 'place'
      | 'finish'
      | 'cancel'
      | 'select'
      | 'endGesture'
      | 'undo'
      | 'redo';
  }
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
      return deleteShape(state, action.key);
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
    case 'setCapacity':
      return commit(state, edit.setCapacity(draft, action.key, action.capacity), `capacity:${action.key}`);
    case 'setGroup':
      return commit(state, edit.setGroup(draft, action.key, action.group));
    case 'newGroup':
      return commit(state, edit.newGroup(draft, action.key));
    case 'renameGroup':
      return commit(state, edit.renameGroup(draft, action.group, action.name));
    case 'setSelfCheckout':
      return commit(state, edit.setSelfCheckout(draft, action.key, action.on));
    case 'setFullView':
      return commit(state, { ...draft, fullView: action.fullView });
    case 'setCalibration':
      return commit(state, edit.setCalibration(draft, action.calibration), action.gesture ?? null);
    case 'setOutlines': {
      const { walls, obstacles } = action;
      return commit(state, { ...draft, measures: { ...draft.measures, walls, obstacles } });
    }
    case 'setPlan':
      return commit(state, { ...draft, measures: { ...draft.measures, plan: action.plan } });
  }
}

function commit(state: EditorState, draft: Draft, gesture: string | null = null): EditorState {
  if (sameDraft(draft, state.draft)) return state;
  const goesOn = gesture !== null && gesture === state.gesture;
  const past = goesOn ? state.past : [...state.past, state.draft].slice(-UNDO_STEPS);
  return { ...state, draft, past, future: [], gesture };
}

/** Fewest and most points of what is being drawn. */
export function drawingLimits({ tool, target }: Pick<EditorState, 'tool' | 'target'>): readonly [number, number] {
  return tool === 'select' ? [0, 0] : pointLimits(tool === 'area' ? target.part : tool);
}

function drawPart(state: EditorState, { lane, part }: Target): EditorState {
  return { ...state, tool: 'area', target: { lane, part }, drawing: [], selected: lane, corner: null };
}

/** First drops the drawing, then the tool: back to the lane that was being drawn, if there is one. */
function cancel(state: EditorState): EditorState {
  if (state.drawing.length > 0) return { ...state, drawing: [] };
  const lane = state.tool === 'area' ? state.target.lane : null;
  return { ...state, tool: 'select', selected: lane, corner: null };
}

function place(state: EditorState, at: NormPoint): EditorState {
  if (state.tool === 'select') return state;
  const next = { ...state, drawing: [...state.drawing, at] };
  return next.drawing.length === drawingLimits(state)[1] ? finish(next) : next;
}

function finish(state: EditorState): EditorState {
  if (state.tool === 'select' || state.drawing.length < drawingLimits(state)[0]) return state;
  if (state.tool === 'area') return finishArea(state, state.target);
  const key = `new-${state.nextKey}`;
  const draft =
    state.tool === 'mask'
      ? edit.addMask(state.draft, key, state.drawing)
      : edit.addShape(state.draft, key, state.tool, state.drawing);
  const drawn = commit(state, draft);
  return { ...drawn, tool: 'select', drawing: [], selected: key, corner: null, nextKey: state.nextKey + 1 };
}

/** A lane needs a service area: without one, that is drawn next. */
function finishArea(state: EditorState, target: Target): EditorState {
  const lane = target.lane ?? `new-${state.nextKey}`;
  const draft = target.lane === null ? edit.addLane(state.draft, lane) : state.draft;
  const drawn = commit(state, edit.putArea(draft, lane, target.part, state.drawing));
  const next = { ...drawn, nextKey: state.nextKey + (target.lane === null ? 1 : 0) };
  if (!areaOf(next.draft, lane, 'service')) return drawPart(next, { lane, part: 'service' });
  return { ...next, tool: 'select', drawing: [], selected: areaKey(lane, target.part), corner: null };
}

/** Of a lane whose area went the lane stays selected. */
function deleteShape(state: EditorState, key: string): EditorState {
  const lane = laneOf(state.draft, key);
  const selected = lane && lane.key !== key ? lane.key : null;
  return { ...commit(state, edit.deleteShape(state.draft, key)), selected, corner: null };
}

function insertCorner(
  state: EditorState,
  { key, edge, at, gesture }: Extract<Edit, { type: 'insertCorner' }>,
): EditorState {
  const next = commit(state, edit.insertCorner(state.draft, key, edge, at), gesture ?? null);
  return next === state ? state : { ...next, selected: key, corner: edge + 1 };
}

function nudge(state: EditorState, dx: number, dy: number): EditorState {
  const key = state.selected;
  if (key === null) return state;
  const gesture = `nudge:${key}:${state.corner ?? 'all'}`;
  const at = state.corner === null ? undefined : shapeOf(state.draft, key)?.points[state.corner];
  const draft = at
    ? edit.moveCorner(state.draft, key, state.corner!, normPoint(at.x + dx, at.y + dy))
    : edit.moveShape(state.draft, key, dx, dy);
  return commit(state, draft, gesture);
}

function step(state: EditorState, from: readonly Draft[], to: readonly Draft[], way: 'undo' | 'redo'): EditorState {
  const draft = from[from.length - 1];
  if (!draft) return state;
  const rest = from.slice(0, -1);
  const other = [...to, state.draft];
  const stacks = way === 'undo' ? { past: rest, future: other } : { past: other, future: rest };
  return withTarget({
    ...state,
    draft,
    ...stacks,
    gesture: null,
    drawing: [],
    selected: stillThere(state, draft),
    corner: null,
  });
}

/** The selected shape or lane; of an area that is gone, its lane. */
function stillThere({ draft: before, selected }: EditorState, draft: Draft): string | null {
  if (shapeOf(draft, selected)) return selected;
  const lane = laneOf(before, selected)?.key ?? null;
  return laneOf(draft, lane) ? lane : null;
}

/** A lane that the step took away cannot be drawn on. */
function withTarget(state: EditorState): EditorState {
  const { lane } = state.target;
  if (state.tool !== 'area' || lane === null || laneOf(state.draft, lane)) return state;
  return { ...state, target: { lane: null, part: 'queue' } };
}

/** The server's copy is the truth now. Undo starts anew: the ids that the server knows must stay. */
function markSaved(state: EditorState, draft: Draft): EditorState {
  const { draft: before, selected, target } = state;
  return withTarget({
    ...state,
    draft,
    saved: draft,
    past: [],
    future: [],
    gesture: null,
    target: { ...target, lane: sameIn(draft, before, target.lane) },
    selected: sameIn(draft, before, selected),
    corner: null,
  });
}

/** The key of a shape or lane in another copy of the same drawing, where keys differ and ids do not. */
function sameIn(draft: Draft, before: Draft, old: string | null): string | null {
  const shape = shapeOf(before, old);
  const lane = laneOf(before, old);
  if (lane) {
    const key = draft.lanes.find((l) => l.id === lane.id)?.key ?? null;
    return key !== null && shape?.type === 'area' ? areaKey(key, shape.part) : key;
  }
  if (shape?.type === 'mask') return masksOf(draft)[masksOf(before).indexOf(shape)]?.key ?? null;
  if (!shape || shape.type === 'area') return null;
  return draft.shapes.find((s) => s.type === shape.type && s.id === shape.id)?.key ?? null;
}
