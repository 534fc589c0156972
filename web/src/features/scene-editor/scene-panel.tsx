/* SPDX-License-Identifier: Apache-2.0 */
import { IconButton } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { SwitchField } from '@/components/switch-field.tsx';
import { type Draft, isNamed, type LaneDraft, masksOf, type Shape } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { LaneForm } from './lane-form.tsx';
import { MaskPanel } from './mask-panel.tsx';
import { ALL_SEEN, type Unseen } from './plan-sights.ts';
import { ShapeForm } from './shape-form.tsx';
import { ShapeList } from './shape-list.tsx';
import type { Fault } from './validation.ts';

type ScenePanelProps = {
  shape: Shape | undefined;
  /** The lane that is selected, by itself or by one of its areas. */
  lane: LaneDraft | undefined;
  draft: Draft;
  faults: readonly Fault[];
  dispatch: (action: EditorAction) => void;
  readOnly: boolean;
  /** The floor plan, of which there is no picture to see the whole store in. */
  isPlan?: boolean;
  /** What of the plan no camera sees. */
  unseen?: Unseen;
};

/** Beside the picture: all shapes, or the one that is selected. */
export function ScenePanel(props: ScenePanelProps) {
  const { shape, lane, draft, faults, dispatch, readOnly, isPlan, unseen = ALL_SEEN } = props;
  if (shape?.type === 'mask') return <MaskPanel {...{ mask: shape, faults, dispatch, readOnly }} />;
  if (lane || (shape && isNamed(shape))) {
    return (
      <Card
        title={lane ? 'Lane' : shape?.type === 'zone' ? 'Zone' : 'Line'}
        actions={
          <IconButton
            icon="close"
            label="Back to the list"
            small
            onClick={() => dispatch({ type: 'select', key: null })}
          />
        }
      >
        <fieldset disabled={readOnly}>
          {lane ? (
            <LaneForm key={lane.key} {...{ lane, draft, faults, unseen, dispatch }} selected={shape?.key ?? null} />
          ) : (
            shape && isNamed(shape) && <ShapeForm key={shape.key} {...{ shape, draft, faults, unseen, dispatch }} />
          )}
        </fieldset>
      </Card>
    );
  }
  const general = faults.filter((fault) => fault.key === null);
  return (
    <Card title="Zones, lines and lanes" hint={summary(draft)}>
      {general.map((fault) => (
        <p
          key={fault.text}
          role="alert"
          className="mb-3 rounded-lg bg-danger-soft px-3 py-2 text-[13px] text-danger-ink"
        >
          {fault.text}
        </p>
      ))}
      <ShapeList {...{ draft, faults, unseen, dispatch }} selected={null} />
      {!isPlan && (
        <div className="mt-4 border-t border-line pt-4">
          <SwitchField
            label="This camera sees the whole store"
            checked={draft.fullView}
            disabled={readOnly}
            onChange={(fullView) => dispatch({ type: 'setFullView', fullView })}
          />
          <p className="mt-1 text-xs leading-4 text-quiet">
            Its live count of people is then the occupancy of the store.
          </p>
        </div>
      )}
    </Card>
  );
}

function summary(draft: Draft): string {
  const zones = draft.shapes.filter((s) => s.type === 'zone').length;
  const lines = draft.shapes.filter((s) => s.type === 'line').length;
  const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  const n = masksOf(draft).length;
  const masks = n > 0 ? [count(n, 'mask')] : [];
  return [count(zones, 'zone'), count(lines, 'line'), count(draft.lanes.length, 'lane'), ...masks].join(', ');
}
