/* SPDX-License-Identifier: Apache-2.0 */
import { Button, IconButton } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import type { MaskShape } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { FaultNote } from './fault-note.tsx';
import { type Fault, faultsOf } from './validation.ts';

type MaskPanelProps = {
  mask: MaskShape;
  faults: readonly Fault[];
  dispatch: (action: EditorAction) => void;
  readOnly: boolean;
};

/** What a mask does. It has no settings: it is where it is drawn. */
export function MaskPanel({ mask, faults, dispatch, readOnly }: MaskPanelProps) {
  return (
    <Card
      title={mask.name}
      actions={
        <IconButton icon="close" label="Back to the list" small onClick={() => dispatch({ type: 'select', key: null })} />
      }
    >
      <div className="space-y-3 text-[13px] leading-5">
        <p>
          What lies in it is black in every picture from the moment it is saved: in analysis, stills, live video and
          recordings. Whoever stands there is not counted.
        </p>
        <p className="text-quiet">
          A camera with masks is encoded anew for live video and recordings, which takes processor time; its tile under
          Cameras says how much. Recordings made before stay as they are.
        </p>
        <FaultNote text={faultsOf(faults, mask.key, 'shape')[0]?.text} />
        {!readOnly && (
          <Button size="sm" icon="trash" onClick={() => dispatch({ type: 'deleteShape', key: mask.key })}>
            Delete mask
          </Button>
        )}
      </div>
    </Card>
  );
}
