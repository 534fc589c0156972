/* SPDX-License-Identifier: Apache-2.0 */
import { useState } from 'react';
import { TextField } from '@/components/field.tsx';
import { clockTimeOf, instantOf } from '@/lib/format/store-clock.ts';
import type { Span } from '../playback/timeline-scale.ts';
import type { Edge } from './clip-span.ts';

type ClipFieldsProps = {
  clip: Span;
  zone: string;
  /** Typed: it may be no span yet. */
  onType: (clip: Span, at: number) => void;
  /** The edge is wanted where the recording stands. */
  onHere: (edge: Edge) => void;
};

/** The span of the clip by the store's clock: also over midnight, and to the second at any zoom. */
export function ClipFields({ clip, zone, onType, onHere }: ClipFieldsProps) {
  const field = (edge: Edge, label: string, here: string) => (
    <div className="min-w-0 space-y-0.5">
      <InstantField
        {...{ label, zone }}
        at={clip[edge]}
        onChange={(at) => onType(edge === 'from' ? { ...clip, from: at } : { ...clip, to: at }, at)}
      />
      <button
        type="button"
        title="Where the recording stands now"
        onClick={() => onHere(edge)}
        className="py-1 text-[13px] font-medium text-primary-ink hover:underline"
      >
        {here}
      </button>
    </div>
  );
  return (
    <div className="grid max-w-xl gap-x-4 gap-y-2 sm:grid-cols-2">
      {field('from', 'From', 'Begin here')}
      {field('to', 'To', 'End here')}
    </div>
  );
}

type InstantFieldProps = { label: string; zone: string; at: number; onChange: (at: number) => void };

/** What is typed stands until it is left, also while it is no time. */
function InstantField({ label, zone, at, onChange }: InstantFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const { day, time } = clockTimeOf(at, zone);
  return (
    <TextField
      label={label}
      type="datetime-local"
      step={1}
      value={typed ?? `${day}T${time}`}
      onChange={({ target: { value } }) => {
        setTyped(value);
        const [d = '', t = ''] = value.split('T');
        const wanted = instantOf({ day: d, time: t }, zone);
        if (wanted !== null) onChange(wanted);
      }}
      onBlur={() => setTyped(null)}
      className="h-9! text-[13px] tabular-nums"
    />
  );
}
