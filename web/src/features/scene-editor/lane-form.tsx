/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { TextField } from '@/components/field.tsx';
import { SwitchField } from '@/components/switch-field.tsx';
import type { Draft, LaneDraft } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { FaultNote } from './fault-note.tsx';
import { LaneGroup } from './lane-group.tsx';
import { LaneParts } from './lane-parts.tsx';
import type { Unseen } from './plan-sights.ts';
import { type Fault, faultsOf } from './validation.ts';

type LaneFormProps = {
  lane: LaneDraft;
  draft: Draft;
  faults: readonly Fault[];
  unseen: Unseen;
  /** Key of the area of the lane that is selected. */
  selected: string | null;
  dispatch: (action: EditorAction) => void;
};

/** One lane: its name, its areas, whose line it serves. */
export function LaneForm({ lane, draft, faults, unseen, selected, dispatch }: LaneFormProps) {
  const { key } = lane;
  const fault = (field: Fault['field']) => faultsOf(faults, key, field)[0]?.text;
  const endGesture = () => dispatch({ type: 'endGesture' });
  return (
    <div className="space-y-4">
      <TextField
        label="Name"
        value={lane.name}
        error={fault('name')}
        onChange={(event) => dispatch({ type: 'rename', key, name: event.target.value })}
        onBlur={endGesture}
      />
      <FaultNote text={fault('shape')} />
      <LaneParts {...{ lane, draft, faults, unseen, selected, dispatch }} />
      <LaneGroup {...{ lane, draft, dispatch }} error={fault('group')} />
      <div>
        <SwitchField
          label="Self-checkout"
          checked={lane.selfCheckout}
          onChange={(on) => dispatch({ type: 'setSelfCheckout', key, on })}
        />
        <p className="mt-1 text-xs leading-4 text-quiet">Open all the time, without anybody at the staff area.</p>
      </div>
      <TextField
        label="Id"
        value={lane.id}
        error={fault('id')}
        disabled={lane.saved}
        spellCheck={false}
        className="font-mono text-[13px]"
        hint={lane.saved ? 'Fixed: stored events refer to it.' : 'Fixed once saved.'}
        onChange={(event) => dispatch({ type: 'setId', key, id: event.target.value })}
        onBlur={endGesture}
      />
      <Button size="sm" icon="trash" onClick={() => dispatch({ type: 'deleteShape', key })}>
        Delete lane
      </Button>
    </div>
  );
}
