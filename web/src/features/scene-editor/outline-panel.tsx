/* SPDX-License-Identifier: Apache-2.0 */
import { Button, IconButton } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { TextField } from '@/components/field.tsx';
import {
  OUTLINE_LIMITS,
  type OutlineKind,
  type OutlineRef,
  type Outlines,
  type Rectangle,
  rectangleOf,
  removeOutline,
  setHeight,
  setRectangle,
} from './outlines.ts';

type OutlinePanelProps = {
  outlines: Outlines;
  plan: { width_m: number; height_m: number };
  selected: OutlineRef | null;
  readOnly: boolean;
  onChange: (outlines: Outlines) => void;
  onSelect: (outline: OutlineRef | null) => void;
  onAdd: (kind: OutlineKind) => void;
};

const WORDS: Record<OutlineKind, string> = { walls: 'Wall', obstacles: 'Shelf' };

/** The outlines as a list; the chosen one with its place and size in metres. */
export function OutlinePanel({ outlines, plan, selected, readOnly, onChange, onSelect, onAdd }: OutlinePanelProps) {
  const kinds: readonly OutlineKind[] = ['walls', 'obstacles'];
  const refs = kinds.flatMap((kind) => outlines[kind].map((_, index): OutlineRef => ({ kind, index })));
  return (
    <Card title="Walls and shelves" hint="What hides the floor from the cameras">
      {!readOnly && (
        <div className="mb-3 flex flex-wrap gap-2">
          {kinds.map((kind) => (
            <Button
              key={kind}
              size="sm"
              icon="plus"
              disabled={outlines[kind].length >= OUTLINE_LIMITS[kind]}
              onClick={() => onAdd(kind)}
            >
              {kind === 'walls' ? 'Outline of the floor' : 'Shelf'}
            </Button>
          ))}
        </div>
      )}
      {refs.length === 0 && (
        <p className="text-[13px] leading-5 text-quiet">
          None yet: all of the plan counts as floor, and cameras look through everything.
        </p>
      )}
      <ul className="-mx-2 space-y-0.5">
        {refs.map((ref) => {
          const chosen = selected?.kind === ref.kind && selected.index === ref.index;
          const name = `${WORDS[ref.kind]} ${ref.index + 1}`;
          return (
            <li key={name}>
              <div className={`flex items-center rounded-lg px-2 ${chosen ? 'bg-primary-soft' : 'hover:bg-sunken'}`}>
                <button
                  type="button"
                  aria-pressed={chosen}
                  className="min-h-9 min-w-0 flex-1 text-left text-[13px] font-medium"
                  onClick={() => onSelect(chosen ? null : ref)}
                >
                  {name}
                </button>
                {!readOnly && (
                  <IconButton
                    small
                    icon="trash"
                    label={`Remove ${name}`}
                    onClick={() => {
                      onChange(removeOutline(outlines, ref));
                      onSelect(null);
                    }}
                  />
                )}
              </div>
              {chosen && <OutlineForm {...{ outlines, plan, readOnly, onChange }} outline={ref} />}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

type OutlineFormProps = Pick<OutlinePanelProps, 'outlines' | 'plan' | 'readOnly' | 'onChange'> & {
  outline: OutlineRef;
};

const FIELDS: readonly { field: keyof Rectangle; label: string }[] = [
  { field: 'x', label: 'From the left (m)' },
  { field: 'y', label: 'From the top (m)' },
  { field: 'width', label: 'Width (m)' },
  { field: 'height', label: 'Depth (m)' },
];

function OutlineForm({ outlines, plan, readOnly, onChange, outline }: OutlineFormProps) {
  const shape = outlines[outline.kind][outline.index];
  const rectangle = shape ? rectangleOf(shape.polygon, plan) : null;
  const height = outline.kind === 'obstacles' ? outlines.obstacles[outline.index]?.height_m : undefined;
  return (
    <fieldset disabled={readOnly} className="grid grid-cols-2 gap-3 px-2 py-3">
      {rectangle ? (
        FIELDS.map(({ field, label }) => (
          <MetresField
            key={`${field}:${rectangle[field]}`}
            label={label}
            value={rectangle[field]}
            onValue={(v) => onChange(setRectangle(outlines, outline, { ...rectangle, [field]: v }, plan))}
          />
        ))
      ) : (
        <p className="col-span-2 text-xs leading-4 text-quiet">
          It is no rectangle; remove it and draw it anew, or change it in the configuration file.
        </p>
      )}
      {height !== undefined && (
        <MetresField
          key={`high:${height}`}
          label="How high (m)"
          value={height}
          onValue={(v) => v >= 0.1 && v <= 20 && onChange(setHeight(outlines, outline.index, v))}
        />
      )}
    </fieldset>
  );
}

function MetresField({ label, value, onValue }: { label: string; value: number; onValue: (v: number) => void }) {
  const read = (text: string) => {
    const v = Number(text.replace(',', '.'));
    if (text.trim() !== '' && Number.isFinite(v) && v >= 0) onValue(Math.round(v * 1000) / 1000);
  };
  return (
    <TextField
      label={label}
      inputMode="decimal"
      defaultValue={String(Math.round(value * 100) / 100)}
      onBlur={(event) => Number(event.target.value) !== Math.round(value * 100) / 100 && read(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && read(event.currentTarget.value)}
    />
  );
}
