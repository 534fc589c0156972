/* SPDX-License-Identifier: Apache-2.0 */
import { type KeyboardEvent, useState } from 'react';
import { clampNorm, type NormPoint, normPoint } from '@/lib/geometry/points.ts';
import { drawingLimits, type EditorAction, type EditorState } from './editor-state.ts';

/* The whole editor by keyboard. Drawing: arrows move a cross-hair, Enter or space puts a corner,
 * F finishes, Escape gives up; after the mouse, without a cross-hair, Enter finishes an area too.
 * Selected: arrows move, Delete removes, undo and redo as usual. */

const STEP = 0.005;
const LONG_STEP = 0.04;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function undoKey(event: KeyboardEvent | globalThis.KeyboardEvent): 'undo' | 'redo' | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  return key === 'y' ? 'redo' : null;
}

export function useCanvasKeys(state: EditorState, dispatch: (action: EditorAction) => void) {
  const [cross, setCross] = useState<NormPoint | null>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const taken = state.tool === 'select' ? selectKey(event) : drawKey(event);
    if (taken) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  const drawKey = (event: KeyboardEvent): boolean => {
    const arrow = ARROWS[event.key];
    const here = cross ?? normPoint(0.5, 0.5);
    if (arrow) {
      const by = event.shiftKey ? LONG_STEP : STEP * 2;
      setCross(clampNorm(normPoint(here.x + arrow[0] * by, here.y + arrow[1] * by)));
    } else if (event.key === 'Enter' && !cross && state.drawing.length >= drawingLimits(state)[0]) {
      dispatch({ type: 'finish' });
    } else if (event.key === 'Enter' || event.key === ' ') {
      setCross(here);
      dispatch({ type: 'place', at: here });
    } else if (event.key.toLowerCase() === 'f') dispatch({ type: 'finish' });
    else if (event.key === 'Escape') dispatch({ type: 'cancel' });
    else return false;
    return true;
  };

  const selectKey = (event: KeyboardEvent): boolean => {
    const arrow = ARROWS[event.key];
    const { selected, corner } = state;
    if (arrow && selected) {
      const by = event.shiftKey ? LONG_STEP : STEP;
      dispatch({ type: 'nudge', dx: arrow[0] * by, dy: arrow[1] * by });
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && selected) {
      dispatch(
        corner === null ? { type: 'deleteShape', key: selected } : { type: 'deleteCorner', key: selected, corner },
      );
    } else if (event.key === 'Escape') dispatch({ type: 'cancel' });
    else return false;
    return true;
  };

  return { cross: state.tool === 'select' ? null : cross, hideCross: () => setCross(null), onKeyDown };
}
