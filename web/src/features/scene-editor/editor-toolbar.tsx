/* SPDX-License-Identifier: Apache-2.0 */
import { Button, IconButton } from '@/components/button.tsx';
import { Icon, type IconName } from '@/components/icon.tsx';
import { type Shape, shapeOf } from './draft.ts';
import type { EditorAction, EditorState, Tool } from './editor-state.ts';

const TOOLS: readonly { tool: Tool; icon: IconName; label: string }[] = [
  { tool: 'select', icon: 'cursor', label: 'Select' },
  { tool: 'zone', icon: 'zone', label: 'Zone' },
  { tool: 'line', icon: 'line', label: 'Line' },
];

type EditorToolbarProps = { state: EditorState; dispatch: (action: EditorAction) => void; onRefresh: () => void };

export function EditorToolbar({ state, dispatch, onRefresh }: EditorToolbarProps) {
  const { tool } = state;
  return (
    <>
      <div role="group" aria-label="Tools" className="inline-flex gap-0.5 rounded-lg bg-sunken p-1">
        {TOOLS.map((t) => (
          <button
            key={t.tool}
            type="button"
            aria-pressed={tool === t.tool}
            onClick={() => dispatch({ type: 'tool', tool: t.tool })}
            className="inline-flex h-8 items-center gap-1.5 rounded-md px-3 text-[13px] font-medium text-on-sunken transition-colors hover:text-ink aria-pressed:bg-card aria-pressed:text-ink aria-pressed:shadow-sm"
          >
            <Icon name={t.icon} />
            {t.label}
          </button>
        ))}
      </div>
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
        <IconButton icon="refresh" label="Take a new still" small onClick={onRefresh} />
      </div>
    </>
  );
}

type DrawingBarProps = { state: EditorState; dispatch: (action: EditorAction) => void; mayDraw: boolean };

/** Under the picture, so that the picture never moves while it is drawn on: what to do next. */
export function DrawingBar({ state, dispatch, mayDraw }: DrawingBarProps) {
  const { tool, drawing } = state;
  const selected = shapeOf(state.draft, state.selected);
  return (
    <div className="mt-3 flex min-h-10 items-center gap-2">
      <p className="min-w-0 flex-1 text-[13px] leading-5 text-quiet" aria-live="polite">
        {mayDraw ? toolHint(state, selected?.type) : 'Your role may look at zones and lines, not change them.'}
      </p>
      {drawing.length > 0 && (
        <Button size="sm" variant="ghost" onClick={() => dispatch({ type: 'cancel' })}>
          Cancel
        </Button>
      )}
      {tool === 'zone' && drawing.length >= 3 && (
        <Button size="sm" icon="check" onClick={() => dispatch({ type: 'finish' })}>
          Finish zone
        </Button>
      )}
    </div>
  );
}

export function toolHint({ tool, drawing }: Pick<EditorState, 'tool' | 'drawing'>, selected?: Shape['type']): string {
  if (tool === 'line') {
    return drawing.length === 0
      ? 'Click or tap where the line begins.'
      : 'Click or tap where it ends. The arrow shows the way that counts as “in”.';
  }
  if (tool === 'zone') {
    return drawing.length < 3
      ? 'Click or tap the corners of the zone on the floor, one after the other.'
      : 'Go on, or close it: choose the first corner again, or press Enter.';
  }
  if (selected === 'line') return 'Drag an end, or the whole line. The arrow shows the way that counts as “in”.';
  if (selected === 'zone')
    return 'Drag corners or the whole zone. Double-click a corner to remove it; drag a small dot to add one.';
  return 'Choose “Zone” or “Line” and draw on the picture, or select a shape to change it.';
}
