/* SPDX-License-Identifier: Apache-2.0 */
import type { Schemas } from '@/lib/api/client.ts';
import { clampNorm, type NormPoint, normPoint, roundNorm } from '@/lib/geometry/points.ts';

/* Pairs of points: a place on the floor in the picture, and the same place on the plan in metres. */

export type Calibration = Schemas['Calibration'];
export type Pair = Schemas['PointPair'];
export type CalibrationError = Schemas['CalibrationError'];
export type PlanMetres = { readonly width_m: number; readonly height_m: number };

export const MIN_PAIRS = 4;
export const MAX_PAIRS = 64;
/** Metres; the placement check warns from the second one on. */
const GOOD_M = 0.15;
const FAIR_M = 0.3;

export type Side = 'image' | 'plan';
/** A pair of which one point is placed. */
export type Half = { readonly side: Side; readonly at: NormPoint };

/** From shares of the plan to metres, to the centimetre. */
export function toMetres(at: NormPoint, plan: PlanMetres): [number, number] {
  const { x, y } = clampNorm(at);
  return [Math.round(x * plan.width_m * 100) / 100, Math.round(y * plan.height_m * 100) / 100];
}

export function toShare([x = 0, y = 0]: readonly number[], plan: PlanMetres): NormPoint {
  return normPoint(x / plan.width_m, y / plan.height_m);
}

export function imageShare([x = 0, y = 0]: readonly number[]): NormPoint {
  return normPoint(x, y);
}

/** The next point: completes the half pair when it lies on the other side, else begins one. */
export function place(half: Half | null, next: Half, plan: PlanMetres): { half: Half | null; pair: Pair | null } {
  if (!half || half.side === next.side) return { half: next, pair: null };
  const [image, floor] = next.side === 'image' ? [next.at, half.at] : [half.at, next.at];
  return { half: null, pair: { image: imagePoint(image), plan: toMetres(floor, plan) } };
}

export function withPair(calibration: Calibration | undefined, pair: Pair): Calibration {
  return { ...calibration, pairs: [...(calibration?.pairs ?? []), pair] };
}

export function movePair(
  { pairs, ...rest }: Calibration,
  index: number,
  { side, at }: Half,
  plan: PlanMetres,
): Calibration {
  const point = side === 'image' ? imagePoint(at) : toMetres(at, plan);
  return { ...rest, pairs: pairs.map((p, i) => (i === index ? { ...p, [side]: point } : p)) };
}

/** Undefined when none is left: then the camera is not calibrated. */
export function withoutPair({ pairs, ...rest }: Calibration, index: number): Calibration | undefined {
  const left = pairs.filter((_, i) => i !== index);
  return left.length === 0 ? undefined : { ...rest, pairs: left };
}

export function withHeight({ height_m: _, ...rest }: Calibration, height: number | null): Calibration {
  return height === null ? rest : { ...rest, height_m: height };
}

function imagePoint(at: NormPoint): [number, number] {
  const { x, y } = roundNorm(clampNorm(at));
  return [x, y];
}

/** What is missing before it can be judged, and what a pair is; null = nothing. */
export function missingPairs(calibration: Calibration | undefined): string | null {
  const n = calibration?.pairs.length ?? 0;
  if (n >= MIN_PAIRS) return null;
  const left = MIN_PAIRS - n;
  const more = n === 0 ? `${left} pairs of points are` : `${n} of ${MIN_PAIRS} pairs of points; ${left} more ${left === 1 ? 'is' : 'are'}`;
  return `${more} needed. A pair is a point in the picture and the same spot on the floor plan.`;
}

export type Grade = 'untold' | 'good' | 'fair' | 'poor';

export function gradeOf({ rms_m }: CalibrationError): Grade {
  if (rms_m === null) return 'untold';
  return rms_m <= GOOD_M ? 'good' : rms_m <= FAIR_M ? 'fair' : 'poor';
}

export const GRADE_WORDS: Record<Grade, { label: string; text: string }> = {
  untold: {
    label: 'Not tested',
    text: 'Four pairs always fit, right or wrong. Add one or two more to learn the error.',
  },
  good: { label: 'Good', text: 'Places on the plan can be trusted.' },
  fair: { label: 'Usable', text: 'Good enough for zones; mend the worst pair for queues and shelves.' },
  poor: {
    label: 'Poor',
    text: 'People would be put beside where they stand. Place the worst pair again, or remove it.',
  },
};

/** "12 cm", "1.4 m". */
export function lengthText(metres: number): string {
  return metres < 1 ? `${Math.round(metres * 100)} cm` : `${metres.toFixed(1)} m`;
}
