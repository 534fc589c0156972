/* SPDX-License-Identifier: Apache-2.0 */
import { Button, IconButton } from '@/components/button.tsx';
import { Icon, type IconName } from '@/components/icon.tsx';
import { areaOf, LANE_PARTS, type Shape, shapeOf } from './draft.ts';
import { drawingLimits, type EditorAction, type EditorState, type Tool } from './editor-state.ts';
import { PartSwatch } from './part-swatch.tsx';
import { LANE_PART_WORDS } from './words.ts';

const TOOLS: readonly { tool: Tool; icon: IconName; label: string; start: EditorAction }[] = [
  { tool: 'select', icon: 'cursor', label: 'Select', start: { type: 'tool', tool: 'select' } },
  { tool: 'zone', icon: 'zone', label: 'Zone', start: { type: 'tool', tool: 'zone' } },
  { tool: 'line', icon: 'line', label: 'Line', start: { type: 'tool', tool: 'line' } },
  { tool: 'area', icon: 'checkout', label: 'Lane', start: { type: 'drawPart', lane: null, part: 'queue' } },
];
/** Of cameras: on a floor plan nobody is seen. */
const MASK_TOOL = { tool: 'mask', icon: 'shield', label: 'Mask', start: { type: 'tool', tool: 'mask' } } as const;

type HistoryProps = { state: EditorState; dispatch: (action: EditorAction) => void; onRefresh?: () => void };
type EditorToolbarProps = HistoryProps & { masks?: boolean };

export function EditorToolbar({ state, dispatch, onRefresh, masks }: EditorToolbarProps) {
  const { tool } = state;
  return (
    <>
      <div role="group" aria-label="Tools" className="inline-flex max-w-full flex-wrap max-sm:[&_svg]:hidden gap-0.5 rounded-lg bg-sunken p-1">
        {[...TOOLS, ...(masks ? [MASK_TOOL] : [])].map((t) => (
          <button
            key={t.tool}
            type="button"
            aria-pressed={tool === t.tool}
            onClick={() => dispatch(t.start)}
            className="inline-flex h-8 items-center gap-1.5 rounded-md px-2 text-[13px] sm:px-2.5 font-medium text-on-sunken transition-colors hover:text-ink aria-pressed:bg-card aria-pressed:text-ink aria-pressed:shadow-sm"
          >
            <Icon name={t.icon} />
            {t.label}
          </button>
        ))}
      </div>
      <HistoryButtons {...{ state, dispatch, onRefresh }} />
    </>
  );
}

export function HistoryButtons({ state, dispatch, onRefresh }: HistoryProps) {
  return (
    <div className="flex items-center">
      <IconButton
        icon="undo"
        label="Undo (Ctrl+Z)"
        small
        disabled={state.past.length === 0}
        onClick={() => dispatch({ type: 'undo' })}
      />
      <IconButton
        icon="redo"
        label="Redo (Ctrl+Shift+Z)"
        small
        disabled={state.future.length === 0}
        onClick={() => dispatch({ type: 'redo' })}
      />
      {onRefresh && <IconButton icon="refresh" label="Take a new still" small onClick={onRefresh} />}
    </div>
  );
}

type DrawingBarProps = { state: EditorState; dispatch: (action: EditorAction) => void; mayDraw: boolean };

/** Under the picture, so that the picture never moves while it is drawn on: what to do next. */
export function DrawingBar({ state, dispatch, mayDraw }: DrawingBarProps) {
  const { tool, drawing } = state;
  const selected = shapeOf(state.draft, state.selected);
  const [least, most] = drawingLimits(state);
  return (
    <div className="mt-3 flex min-h-10 flex-wrap items-center gap-2">
      {tool === 'area' && drawing.length === 0 && <PartPicker state={state} dispatch={dispatch} />}
      <p className="min-w-40 flex-1 text-[13px] leading-5 text-quiet" aria-live="polite">
        {mayDraw ? toolHint(state, selected) : 'Choose a shape to see its name and kind.'}
      </p>
      {(drawing.length > 0 || tool === 'area') && (
        <Button size="sm" variant="ghost" onClick={() => dispatch({ type: 'cancel' })}>
          Cancel
        </Button>
      )}
      {least < most && drawing.length >= least && (
        <Button size="sm" icon="check" onClick={() => dispatch({ type: 'finish' })}>
          Finish {tool === 'area' ? LANE_PART_WORDS[state.target.part].label.toLowerCase() : tool}
        </Button>
      )}
    </div>
  );
}

type PartPickerProps = Pick<DrawingBarProps, 'state' | 'dispatch'>;

/** Which part of the lane is drawn next. A path needs a queue to lie in. */
function PartPicker({ state, dispatch }: PartPickerProps) {
  const { lane, part } = state.target;
  const hasQueue = lane !== null && areaOf(state.draft, lane, 'queue') !== undefined;
  return (
    <div role="group" aria-label="Part of the lane to draw" className="flex flex-wrap gap-0.5 rounded-lg bg-sunken p-1">
      {LANE_PARTS.filter((p) => p !== 'path' || hasQueue).map((p) => (
        <button
          key={p}
          type="button"
          aria-pressed={p === part}
          onClick={() => dispatch({ type: 'drawPart', lane, part: p })}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-[13px] font-medium text-on-sunken hover:text-ink aria-pressed:bg-card aria-pressed:text-ink aria-pressed:shadow-sm"
        >
          <PartSwatch part={p} />
          {LANE_PART_WORDS[p].label}
        </button>
      ))}
    </div>
  );
}

type Hinted = Pick<EditorState, 'tool' | 'target' | 'drawing'>;

export function toolHint({ tool, target, drawing }: Hinted, selected?: Shape): string {
  if (tool === 'line') {
    return drawing.length === 0
      ? 'Click or tap where the line begins.'
      : 'Click or tap where it ends. The arrow shows the way that counts as “in”.';
  }
  if (tool === 'area' && target.part === 'path') return pathHint(drawing.length);
  if (tool !== 'select' && drawing.length >= 3)
    return 'Go on, or close it: choose the first corner again, or press Enter.';
  if (tool === 'mask') return 'Click or tap the corners of what must never be seen, one after the other.';
  if (tool === 'zone') return 'Click or tap the corners of the zone on the floor, one after the other.';
  if (tool === 'area') return `Click or tap the corners of ${LANE_PART_WORDS[target.part].hint}.`;
  return selectedHint(selected);
}

function pathHint(placed: number): string {
  if (placed === 0) return 'Click or tap the head of the line, nearest to the service.';
  return placed === 1
    ? 'Go on along the middle of the line, to its end.'
    : 'Go on, or end it: choose the last point again, or press Enter.';
}

function selectedHint(selected?: Shape): string {
  if (selected?.type === 'line') return 'Drag an end, or the whole line. The arrow shows the way that counts as “in”.';
  if (selected?.type === 'area' && selected.part === 'path')
    return 'Drag points or the whole path. The arrow stands at the head of the line.';
  if (selected)
    return `Drag corners or the whole ${selected.type}. Double-click a corner to remove it; drag a small dot to add one.`;
  return 'Choose “Zone”, “Line”, “Lane” or “Mask” and draw on the picture, or select a shape to change it.';
}
