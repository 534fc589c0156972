/* SPDX-License-Identifier: Apache-2.0 */
import { Button } from '@/components/button.tsx';
import { SelectField, TextField } from '@/components/field.tsx';
import { type Draft, LINE_KINDS, type NamedShape, ZONE_KINDS, type ZoneShape } from './draft.ts';
import type { EditorAction } from './editor-state.ts';
import { FaultNote } from './fault-note.tsx';
import type { Unseen } from './plan-sights.ts';
import { UnseenNote } from './unseen-note.tsx';
import { type Fault, faultsOf } from './validation.ts';
import { LINE_KIND_WORDS, ZONE_KIND_WORDS } from './words.ts';

type ShapeFormProps = {
  shape: NamedShape;
  draft: Draft;
  faults: readonly Fault[];
  unseen: Unseen;
  dispatch: (action: EditorAction) => void;
};

export function ShapeForm({ shape, draft, faults, unseen, dispatch }: ShapeFormProps) {
  const { key } = shape;
  const fault = (field: Fault['field']) => faultsOf(faults, key, field)[0]?.text;
  return (
    <div className="space-y-4">
      <TextField
        label="Name"
        value={shape.name}
        error={fault('name')}
        onChange={(event) => dispatch({ type: 'rename', key, name: event.target.value })}
        onBlur={() => dispatch({ type: 'endGesture' })}
      />
      <KindField shape={shape} dispatch={dispatch} />
      {shape.type === 'zone' && <ParentField zone={shape} draft={draft} error={fault('parent')} dispatch={dispatch} />}
      {shape.type === 'zone' && (
        <TextField
          label="Capacity"
          inputMode="numeric"
          placeholder="no limit"
          value={shape.capacity}
          error={fault('capacity')}
          hint="People it is for. More than that inside for 10 s is told as too full, until 90 % or fewer are left."
          onChange={(event) => dispatch({ type: 'setCapacity', key, capacity: event.target.value })}
          onBlur={() => dispatch({ type: 'endGesture' })}
        />
      )}
      <TextField
        label="Id"
        value={shape.id}
        error={fault('id')}
        disabled={shape.saved}
        spellCheck={false}
        className="font-mono text-[13px]"
        hint={
          shape.saved
            ? 'Fixed: stored events refer to it.'
            : `Fixed once saved.${shape.type === 'zone' ? ' The same id on two cameras is one zone.' : ''}`
        }
        onChange={(event) => dispatch({ type: 'setId', key, id: event.target.value })}
        onBlur={() => dispatch({ type: 'endGesture' })}
      />
      <FaultNote text={fault('shape')} />
      <UnseenNote text={unseen.get(key)} />
      <div className="flex flex-wrap gap-2 pt-1">
        {shape.type === 'line' && (
          <Button size="sm" icon="swap" onClick={() => dispatch({ type: 'flip', key })}>
            Swap in and out
          </Button>
        )}
        <Button size="sm" icon="trash" onClick={() => dispatch({ type: 'deleteShape', key })}>
          Delete {shape.type}
        </Button>
      </div>
    </div>
  );
}

function KindField({ shape, dispatch }: { shape: NamedShape; dispatch: ShapeFormProps['dispatch'] }) {
  const options =
    shape.type === 'zone'
      ? ZONE_KINDS.map((kind) => ({ value: kind, label: ZONE_KIND_WORDS[kind].label }))
      : LINE_KINDS.map((kind) => ({ value: kind, label: LINE_KIND_WORDS[kind].label }));
  const hint = shape.type === 'zone' ? ZONE_KIND_WORDS[shape.kind].text : LINE_KIND_WORDS[shape.kind].text;
  return (
    <SelectField
      label="Kind"
      value={shape.kind}
      hint={hint}
      options={options}
      onChange={(kind) => dispatch({ type: 'setKind', key: shape.key, kind })}
    />
  );
}

type ParentFieldProps = { zone: ZoneShape; draft: Draft; error?: string; dispatch: ShapeFormProps['dispatch'] };

function ParentField({ zone, draft, error, dispatch }: ParentFieldProps) {
  const others = draft.shapes.filter((s): s is ZoneShape => s.type === 'zone' && s.key !== zone.key);
  if (others.length === 0 && zone.parent === null) return null;
  const listed = others.map((s) => ({ value: s.id, label: s.name }));
  const missing = zone.parent !== null && !others.some((s) => s.id === zone.parent);
  return (
    <SelectField
      label="Lies within"
      value={zone.parent ?? ''}
      error={error}
      options={[
        { value: '', label: 'Nothing (top level)' },
        ...(missing ? [{ value: zone.parent!, label: zone.parent! }] : []),
        ...listed,
      ]}
      onChange={(parent) => dispatch({ type: 'setParent', key: zone.key, parent: parent || null })}
    />
  );
}
