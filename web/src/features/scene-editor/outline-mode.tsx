/* SPDX-License-Identifier: Apache-2.0 */
import { type ReactNode, useState } from 'react';
import { Card } from '@/components/card.tsx';
import { normPoint } from '@/lib/geometry/points.ts';
import type { Measures } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { OutlineBoard } from './outline-board.tsx';
import { OutlinePanel } from './outline-panel.tsx';
import {
  addOutline,
  between,
  isRoomy,
  type OutlineKind,
  type OutlineRef,
  outlinesOf,
  type Outlines,
} from './outlines.ts';

type OutlineModeProps = {
  plan: { width_m: number; height_m: number };
  measures: Measures;
  dispatch: (action: EditorAction) => void;
  readOnly: boolean;
  bar: ReactNode;
  paper: ReactNode;
};

/** Walls and shelves of the plan. */
export function OutlineMode({ plan, measures, dispatch, readOnly, bar, paper }: OutlineModeProps) {
  const [selected, setSelected] = useState<OutlineRef | null>(null);
  const outlines = outlinesOf(measures);
  const set = (next: Outlines) => next !== outlines && dispatch({ type: 'setOutlines', ...next });
  const add = (kind: OutlineKind, a: ReturnType<typeof normPoint>, b: ReturnType<typeof normPoint>) => {
    set(addOutline(outlines, kind, between(a, b)));
    setSelected({ kind, index: outlines[kind].length });
  };
  /* A wall as large as the plan, a shelf in its middle: places to begin from. */
  const place = (kind: OutlineKind) =>
    kind === 'walls'
      ? add(kind, normPoint(0, 0), normPoint(1, 1))
      : add(kind, normPoint(0.45, 0.45), normPoint(0.55, 0.55));
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
      <Card>
        {bar}
        <div
          className="mx-auto min-w-[min(100%,280px)]"
          style={{ maxWidth: `calc((100dvh - 260px) * ${plan.width_m / plan.height_m})` }}
        >
          <OutlineBoard
            image={{ w: plan.width_m, h: plan.height_m }}
            {...{ outlines, selected, readOnly }}
            onSelect={setSelected}
            onDraw={(a, b) => isRoomy(a, b, plan) && add('obstacles', a, b)}
          >
            {paper}
          </OutlineBoard>
        </div>
        <p className="mt-3 min-h-10 text-[13px] leading-5 text-quiet">
          {readOnly
            ? 'Choose a wall or a shelf to see it in the list.'
            : 'Drag from corner to corner to draw a shelf, or choose one to change it. Save to see the new blind spots.'}
        </p>
      </Card>
      <OutlinePanel {...{ outlines, plan, selected, readOnly }} onChange={set} onSelect={setSelected} onAdd={place} />
    </div>
  );
}
