/* SPDX-License-Identifier: Apache-2.0 */
import { Badge, type Tone } from '@/components/badge.tsx';
import { IconButton } from '@/components/button.tsx';
import { Card } from '@/components/card.tsx';
import { TextField } from '@/components/field.tsx';
import type { Schemas } from '@/lib/api/client.ts';
import { problemText } from '@/lib/api/problem.ts';
import { type Calibration, GRADE_WORDS, type Grade, gradeOf, lengthText, missingPairs } from './calibration.ts';

type Result = Schemas['CalibrationResult'];

type PairTableProps = {
  calibration: Calibration | undefined;
  result: Result | undefined;
  error: unknown;
  selected: number | null;
  readOnly: boolean;
  onSelect: (index: number) => void;
  onRemove: (index: number) => void;
  onHeight: (height: number | null) => void;
};

/** The pairs with their errors, and what the whole is worth. */
export function PairTable({ calibration, result, error, selected, readOnly, ...on }: PairTableProps) {
  const missing = missingPairs(calibration);
  const shown = missing === null ? result : undefined;
  return (
    <Card title="Calibration" hint="The same places in the picture and on the plan">
      <Verdict missing={missing} result={shown} error={missing === null ? error : null} />
      {calibration && (
        <table className="mt-4 w-full text-[13px]">
          <thead className="text-left text-xs text-quiet">
            <tr>
              <th className="pb-1 font-medium">Point</th>
              <th className="pb-1 font-medium">On the plan</th>
              <th className="pb-1 text-right font-medium">Off by</th>
              <th className="w-8">
                <span className="sr-only">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {calibration.pairs.map((pair, i) => (
              <tr
                key={i}
                aria-selected={i === selected}
                className={`${i === selected ? 'bg-primary-soft' : ''} ${isSuspect(shown, i) ? 'text-danger-ink' : ''}`}
              >
                <td className="py-1">
                  <button
                    type="button"
                    className="min-h-8 px-1 font-semibold tabular-nums"
                    onClick={() => on.onSelect(i)}
                  >
                    {i + 1}
                  </button>
                </td>
                <td className="py-1 tabular-nums">
                  {pair.plan[0]?.toFixed(2)}, {pair.plan[1]?.toFixed(2)} m
                </td>
                <td className="py-1 text-right tabular-nums">{offText(shown?.pairs_off_m[i])}</td>
                <td className="py-1 text-right">
                  {!readOnly && (
                    <IconButton small icon="trash" label={`Remove point ${i + 1}`} onClick={() => on.onRemove(i)} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {calibration && (
        <div className="mt-4 border-t border-line pt-4">
          <TextField
            key={calibration.height_m === undefined ? 'none' : 'some'}
            label="Height of the camera (m)"
            type="number"
            inputMode="decimal"
            min={0.5}
            max={30}
            step={0.1}
            disabled={readOnly}
            defaultValue={calibration.height_m ?? ''}
            hint={heightHint(shown)}
            onBlur={(event) => on.onHeight(heightOf(event.target.value))}
          />
        </div>
      )}
    </Card>
  );
}

/** A point that is off by less is worst of all, and still good. */
const SUSPECT_M = 0.05;

function isSuspect(result: Result | undefined, i: number): boolean {
  return result?.error?.suspect === i && (result.pairs_off_m[i] ?? 0) >= SUSPECT_M;
}

const TONES: Record<Grade, Tone> = { untold: 'neutral', good: 'success', fair: 'warning', poor: 'danger' };

function Verdict({ missing, result, error }: { missing: string | null; result: Result | undefined; error: unknown }) {
  if (missing !== null)
    return (
      <p role="status" className="text-[13px] leading-5 text-quiet">
        {missing} Choose corners of shelves, tiles or doors on the floor, spread over all of the floor in view.
      </p>
    );
  if (error) return <Fault text={problemText(error)} />;
  if (!result) return <p className="text-[13px] text-quiet">Working it out…</p>;
  if (result.problem !== null || !result.error) return <Fault text={result.problem ?? 'It cannot be worked out.'} />;
  const grade = gradeOf(result.error);
  const { rms_m, worst_m, suspect } = result.error;
  return (
    <div role="status">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Badge tone={TONES[grade]}>{GRADE_WORDS[grade].label}</Badge>
        {rms_m !== null && <span className="text-lg font-semibold tabular-nums">± {lengthText(rms_m)}</span>}
        {worst_m !== null && <span className="text-[13px] text-quiet">worst point {lengthText(worst_m)}</span>}
      </div>
      <p className="mt-2 text-[13px] leading-5 text-quiet">
        {GRADE_WORDS[grade].text}
        {rms_m !== null && worst_m === null && ' The points hardly test each other yet: add one more.'}
        {suspect !== null && (grade === 'fair' || grade === 'poor') && ` Look at point ${suspect + 1} first.`}
      </p>
    </div>
  );
}

function Fault({ text }: { text: string }) {
  return (
    <p role="alert" className="rounded-lg bg-danger-soft px-3 py-2 text-[13px] leading-5 text-danger-ink">
      {text.charAt(0).toUpperCase() + text.slice(1)}.
    </p>
  );
}

function offText(off: number | null | undefined): string {
  return off === null || off === undefined ? 'n/a' : lengthText(off);
}

function heightHint(result: Result | undefined): string {
  const pose = result?.pose;
  if (!pose) return 'If you have measured it. It tells when the size of the plan is wrong.';
  const lens = pose.assumed_lens ? ' (a lens of 70 degrees is assumed)' : '';
  return `The points say ${pose.height_m.toFixed(1)} m${lens}.`;
}

function heightOf(text: string): number | null {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) && value >= 0.5 && value <= 30 ? value : null;
}
