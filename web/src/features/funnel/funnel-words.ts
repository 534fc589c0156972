/* SPDX-License-Identifier: Apache-2.0 */
import { formatCount, formatShare, known } from '@/lib/format/number.ts';
import type { Funnel, FunnelStep } from './funnel-queries.ts';

/* How the steps of the funnel read. */

export const STEP_WORDS: Record<FunnelStep['step'], { name: string; what: string }> = {
  entered: { name: 'Came in', what: 'people over the entrance lines' },
  engaged: { name: 'Engaged', what: 'people who stayed at goods' },
  in_cart: { name: 'Took goods', what: 'people with goods in hand or cart' },
  purchased: { name: 'Purchased', what: 'receipts of sales' },
};

/** Nobody could be counted at the door: there is no funnel without its first step. */
export function hasNothing({ steps }: Funnel): boolean {
  return steps.every(({ value }) => value === null);
}

/** Why a step has no figure. */
export function untoldWords({ step }: FunnelStep): string {
  if (step === 'entered') return 'no camera with an entrance line was alive';
  if (step === 'purchased') return 'no point of sale told of this period';
  return step === 'engaged' ? 'not counted yet: people are not followed from zone to zone' : 'not counted yet: products are not seen';
}

/** What is lost since the step before that is known: "171 fewer than came in (43%)". */
export function dropWords(step: FunnelStep, steps: readonly FunnelStep[]): string | null {
  const before = steps.slice(0, steps.indexOf(step)).findLast(({ value }) => known(value));
  if (!before || !known(before.value) || !known(step.value) || before.value === 0) return null;
  const lost = before.value - step.value;
  const from = STEP_WORDS[before.step].name.toLowerCase();
  if (lost < 0) return `more than ${from}: some were not counted there`;
  return `${formatCount(lost)} fewer than ${from} (${formatShare(lost / before.value)})`;
}
