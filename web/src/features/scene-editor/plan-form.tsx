/* SPDX-License-Identifier: Apache-2.0 */
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '@/components/button.tsx';
import { TextField } from '@/components/field.tsx';
import { problemText } from '@/lib/api/problem.ts';
import type { Measures } from './draft.ts';
import { useUploadPlan } from './plan-queries.ts';

type Size = NonNullable<Measures['plan']>;

type PlanFormProps = {
  store: string;
  plan: Size | undefined;
  disabled: boolean;
  /** What the button says; it appears when something was changed. */
  submit: string;
  onChange: (plan: Size) => void;
};

const SIDE = { min: 1, max: 1000 };
const MOST_BYTES = 4 * 1024 * 1024;

/** Size and picture of the floor plan. */
export function PlanForm({ store, plan, disabled, submit, onChange }: PlanFormProps) {
  const [width, setWidth] = useState(text(plan?.width_m));
  const [height, setHeight] = useState(text(plan?.height_m));
  const [image, setImage] = useState(plan?.image);
  const [tried, setTried] = useState(false);
  const [w, h] = [sideOf(width), sideOf(height)];
  const changed = w !== plan?.width_m || h !== plan?.height_m || image !== plan?.image;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (w !== null && h !== null) onChange({ width_m: w, height_m: h, ...(image && { image }) });
  };
  const side = (label: string, value: string, set: (v: string) => void) => (
    <TextField
      {...{ label, value, disabled }}
      inputMode="decimal"
      error={tried && sideOf(value) === null ? `${SIDE.min} to ${SIDE.max} metres` : undefined}
      onChange={(event) => set(event.target.value)}
    />
  );
  return (
    <form onSubmit={onSubmit} noValidate className="space-y-4">
      <div className="grid grid-cols-2 gap-3">
        {side('Width (m)', width, setWidth)}
        {side('Height (m)', height, setHeight)}
      </div>
      <PictureField {...{ store, image, disabled }} onChange={setImage} />
      {!disabled && changed && (
        <Button type="submit" size="sm" variant="primary" icon="check">
          {submit}
        </Button>
      )}
    </form>
  );
}

type PictureFieldProps = {
  store: string;
  image: string | undefined;
  disabled: boolean;
  onChange: (image: string | undefined) => void;
};

function PictureField({ store, image, disabled, onChange }: PictureFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const upload = useUploadPlan(store);
  const [fault, setFault] = useState<string | null>(null);
  const take = (file: File | undefined) => {
    setFault(null);
    if (!file) return;
    if (file.size > MOST_BYTES) return setFault('The picture is larger than 4 MiB; save it smaller.');
    upload.mutate(file, {
      onSuccess: (kept) => onChange(kept.image),
      onError: (error) => setFault(problemText(error)),
    });
  };
  return (
    <div>
      <p className="mb-1.5 text-[13px] font-medium">Picture of the plan</p>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" disabled={disabled} busy={upload.isPending} onClick={() => input.current?.click()}>
          {image ? 'Choose another' : 'Choose a picture'}
        </Button>
        {image && !disabled && (
          <Button size="sm" variant="ghost" onClick={() => onChange(undefined)}>
            Remove
          </Button>
        )}
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg"
          aria-label="Picture of the plan, PNG or JPEG"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <p
        role={fault ? 'alert' : undefined}
        className={`mt-1.5 text-xs leading-4 ${fault ? 'text-danger-ink' : 'text-quiet'}`}
      >
        {fault ??
          (image
            ? 'It is stretched to the size above.'
            : 'PNG or JPEG, cut so that its edges are those of the plan. May be left out.')}
      </p>
    </div>
  );
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

/** Also with a comma, as in many countries. */
function sideOf(value: string): number | null {
  const number = Number(value.trim().replace(',', '.'));
  if (value.trim() === '' || !Number.isFinite(number)) return null;
  return number >= SIDE.min && number <= SIDE.max ? Math.round(number * 1000) / 1000 : null;
}
